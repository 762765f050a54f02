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
  /* before the others, for whom Ctrl+Enter sends the form as Enter does */
  document.addEventListener('keydown', function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || !editor()) return;
    if (event.key.toLowerCase() === 's') press('[data-save]');
    else if (event.key === 'Enter') press('[data-simulate]');
    else return;
    event.preventDefault();
  }, true);
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
  /* Whether an answer is of this page: "editor", or "ladders" with who reaches each step. */
  function target(event) {
    var context = event.detail && event.detail.ctx, at = context && context.target;
    return at && (at.id === 'editor' || at.id === 'ladders') && editor() ? at.id : '';
  }
  function stale() {
    var line = document.getElementById('editor-stale');
    if (line) line.hidden = false;
  }
  document.addEventListener('htmx:before:swap', function (event) {
    var at = target(event), answer = at && event.detail.ctx.text;
    if (!at) return;
    if (typeof answer === 'string' && answer.indexOf('id="' + at + '"') < 0) { /* signed out, or an error */
      event.preventDefault();
      if (at === 'editor') stale();
    } else if (asked !== null && said(editor()) !== asked) {
      event.preventDefault(); /* typed on meanwhile: the next change asks again */
    }
  });
  document.addEventListener('htmx:error', function (event) {
    if (target(event) === 'editor') stale();
  });
  document.addEventListener('htmx:after:swap', function (event) {
    if (target(event) === 'editor') first = said(editor());
  });
})();
