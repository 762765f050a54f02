/* Copying what is shown once, and keys of the page of approvals. All of it works without this. */
(function () {
  document.querySelectorAll('[data-copy]').forEach(function (button) {
    var from = document.getElementById(button.getAttribute('data-copy'));
    if (!navigator.clipboard || !from) return;
    button.hidden = false;
    button.addEventListener('click', function () {
      navigator.clipboard.writeText(from.textContent.trim()).then(function () {
        button.textContent = 'Copied';
      });
    });
  });

  var asks = Array.prototype.slice.call(document.querySelectorAll('[data-ask]')), at = -1;
  if (!asks.length) return;
  function go(to) {
    if (to < 0 || to >= asks.length) return;
    if (at >= 0) asks[at].classList.remove('here');
    at = to;
    asks[at].classList.add('here');
    asks[at].focus();
    asks[at].scrollIntoView({ block: 'nearest' });
  }
  function focus(selector) {
    var found = at >= 0 && asks[at].querySelector(selector);
    if (found) found.focus();
  }
  document.addEventListener('keydown', function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    var key = event.key.toLowerCase();
    if (key === 'j') go(at + 1);
    else if (key === 'k') go(at - 1);
    else if (key === 'a') focus('[data-yes]');
    else if (key === 'x') focus('textarea');
    else return;
    event.preventDefault();
  });
})();
