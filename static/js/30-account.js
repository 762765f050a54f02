/* One account. Without script everything works as plain links and forms.
   - N, and any link to the note, goes to its field
   - Ctrl+Enter in the note sends it; Escape leaves it */
(function () {
  document.addEventListener('click', function (event) {
    var link = event.target.closest ? event.target.closest('a[href="#note-text"]') : null;
    var field = document.getElementById('note-text');
    if (!link || !field) return;
    field.focus();
    event.preventDefault();
  });
  document.addEventListener('keydown', function (event) {
    if (event.target.id !== 'note-text') return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.target.form.requestSubmit();
      event.preventDefault();
    } else if (event.key === 'Escape') {
      event.target.blur();
    }
  });
})();
