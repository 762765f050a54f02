/* Insights: what is chosen is shown at once, and panels have keys. All of it works without.
   . next panel   T its table   D its definition   B what it is made of   F the filters */
(function () {
  document.querySelectorAll('form[data-act=choose]').forEach(function (form) {
    form.querySelectorAll('select,input[type=date]').forEach(function (field) {
      field.addEventListener('change', function () { form.submit(); });
    });
  });
  var panels = document.querySelectorAll('[data-panel]'), at = -1;
  if (!panels.length) return;
  function toggle(selector) {
    var details = at >= 0 && panels[at].querySelector(selector);
    if (details) details.open = !details.open;
  }
  document.addEventListener('keydown', function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    var key = event.key.toLowerCase();
    if (key === '.') {
      at = (at + 1) % panels.length;
      panels[at].tabIndex = -1;
      panels[at].focus();
      panels[at].scrollIntoView({ block: 'nearest' });
    } else if (key === 't') toggle('details.astable');
    else if (key === 'd') toggle('details.tip');
    else if (key === 'b' && at >= 0) {
      var more = panels[at].querySelector('h2 a');
      if (more) location.href = more.href;
    } else if (key === 'f') {
      var first = document.querySelector('form[data-act=choose] select');
      if (first) first.focus();
    } else return;
    event.preventDefault();
  });
})();
