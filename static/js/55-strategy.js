/* A draft of a strategy. The form works without this.
   - Ctrl+S saves, Ctrl+Enter saves and compares
   - who leaves with something unsaved is asked
   - an answer that comes while somebody types on is not put over what they typed */
(function () {
  var asked = null, leaving = false;
  function editor() { return document.querySelector('form[data-editor]'); }
  if (!editor()) return;

  function said(form) { return new URLSearchParams(new FormData(form)).toString(); }
  var first = said(editor());

  function press(what) {
    var button = editor().querySelector(what);
    leaving = true;
    editor().requestSubmit(button);
  }
  document.addEventListener('keydown', function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || !editor()) return;
    if (event.key.toLowerCase() === 's') press('[data-save]');
    else if (event.key === 'Enter') press('[data-simulate]');
    else return;
    event.preventDefault();
  });
  document.addEventListener('submit', function () { leaving = true; });
  window.addEventListener('beforeunload', function (event) {
    var form = editor();
    if (leaving || !form) return;
    if (said(form) !== first || form.querySelector('[data-unsaved]')) event.preventDefault();
  });

  document.addEventListener('htmx:before:request', function (event) {
    var form = editor();
    leaving = false;
    if (form && form.contains(event.target)) asked = said(form);
  });
  document.addEventListener('htmx:before:swap', function (event) {
    var form = editor(), context = event.detail && event.detail.ctx;
    if (!form || !context || !context.target || context.target.id !== 'editor') return;
    if (asked === null || said(form) === asked) return;
    event.preventDefault(); /* typed on meanwhile: the next change asks again */
  });
  document.addEventListener('htmx:after:swap', function (event) {
    var context = event.detail && event.detail.ctx;
    if (editor() && context && context.target && context.target.id === 'editor') first = said(editor());
  });
})();
