/* One account. Without script everything works as plain links and forms.
   - N, and any link to the note, goes to the composer, for a note
   - Ctrl+Enter in the composer sends what is written; Escape leaves it
   - single letters are its links, outside of fields; "?" lists them */
(function () {
  document.addEventListener('click', function (event) {
    var link = event.target.closest ? event.target.closest('a[href="#note-text"]') : null;
    var field = document.getElementById('note-text');
    var note = document.querySelector('#composer [name=channel][value=note]');
    if (!link || !field) return;
    if (note) note.checked = true;
    field.focus();
    event.preventDefault();
  });
  function inField(at) {
    return /^(TEXTAREA|SELECT)$/.test(at.tagName) || at.isContentEditable ||
      (at.tagName === 'INPUT' && !/^(checkbox|radio|button|submit)$/.test(at.type));
  }
  function follow(event) {
    var account = document.getElementById('account-main');
    if (!account || account.closest('.qopen.waiting') || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey ||
        event.key.length !== 1 || inField(event.target) || document.querySelector('dialog[open]') ||
        document.documentElement.classList.contains('keys-off')) return;
    var key = event.key.toLowerCase(), links = account.querySelectorAll('a[data-key]');
    for (var i = 0; i < links.length; i++) {
      if (links[i].dataset.key !== key) continue;
      links[i].click();
      event.preventDefault();
      return;
    }
  }
  document.addEventListener('keydown', follow);
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
