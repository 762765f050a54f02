/* Small, optional behaviour. Every page works without it.
   - switch between light and dark, remembered on this device only
   - "/" goes to the search box */
(function () {
  var root = document.documentElement, kept = null;
  try { kept = localStorage.getItem('theme'); } catch (refused) { /* private window */ }
  if (kept === 'dark' || kept === 'light') root.setAttribute('data-theme', kept);
  function isDark() {
    var chosen = root.getAttribute('data-theme');
    return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  }
  document.querySelectorAll('[data-act=theme]').forEach(function (button) {
    button.hidden = false;
    button.addEventListener('click', function () {
      var next = isDark() ? 'light' : 'dark';
      root.setAttribute('data-theme', next);
      try { localStorage.setItem('theme', next); } catch (refused) { /* not kept, then */ }
    });
  });
  document.addEventListener('keydown', function (event) {
    var find = document.getElementById('find');
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || !find) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    find.focus();
    event.preventDefault();
  });
})();
