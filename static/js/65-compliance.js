/* A review by keyboard: a number goes to its question, Y, N and X answer it and go on. The form
   works without this. */
(function () {
  document.querySelectorAll('[data-act=print]').forEach(function (button) {
    button.hidden = false;
    button.addEventListener('click', function () { window.print(); });
  });

  var form = document.querySelector('form[data-review]');
  if (!form) return;
  var asks = Array.prototype.slice.call(form.querySelectorAll('[data-ask]'));

  function goTo(ask) {
    var at = ask && (ask.querySelector('input:checked') || ask.querySelector('input'));
    if (at) at.focus();
  }
  function open() {
    return asks.find(function (ask) { return !ask.querySelector('input:checked'); });
  }
  document.addEventListener('keydown', function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
      form.requestSubmit();
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(TEXTAREA|SELECT)$/.test(event.target.tagName) ||
        (event.target.tagName === 'INPUT' && event.target.type !== 'radio')) return;
    var value = { y: 'y', n: 'n', x: '-' }[event.key.toLowerCase()];
    if (/^[1-9]$/.test(event.key)) goTo(asks[+event.key - 1]);
    else if (value) {
      var ask = document.activeElement.closest('[data-ask]') || open() || asks[0];
      ask.querySelector('input[value="' + value + '"]').checked = true;
      var next = asks[asks.indexOf(ask) + 1];
      if (next) goTo(next);
      else form.querySelector('textarea').focus();
    } else return;
    event.preventDefault();
  });
})();
