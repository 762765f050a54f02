/* Search: what was found while one types, by keys: up and down, Enter, Esc. Enter without a choice
   searches as without script. Accounts opened in this tab are offered again while nothing is typed;
   only their references are kept, and only until the tab is closed. */
(function () {
  var input = document.getElementById('find'), list = document.getElementById('found');
  if (!input || !list) return;
  var chosen = -1;

  function recent() {
    try { return JSON.parse(sessionStorage.getItem('recent') || '[]'); } catch (refused) { return []; }
  }
  var here = /^\/accounts\/([^/]+)$/.exec(location.pathname);
  if (here) {
    var opened = decodeURIComponent(here[1]);
    try {
      sessionStorage.setItem('recent', JSON.stringify(
        [opened].concat(recent().filter(function (r) { return r !== opened; })).slice(0, 6)));
    } catch (refused) { /* not kept, then */ }
  }
  document.querySelectorAll('form[action="/sign-out"]').forEach(function (form) {
    form.addEventListener('submit', function () {
      try { sessionStorage.removeItem('recent'); } catch (refused) { /* nothing was kept */ }
    });
  });

  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-controls', 'found');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-expanded', 'false');
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Found');

  function options() { return Array.prototype.slice.call(list.querySelectorAll('a')); }
  function close() {
    list.hidden = true;
    chosen = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }
  function show() {
    var all = options();
    all.forEach(function (option, i) { option.id = 'found-' + i; });
    list.querySelectorAll('section,ul,li').forEach(function (part) { part.setAttribute('role', 'presentation'); });
    all.forEach(function (option) { option.setAttribute('role', 'option'); option.setAttribute('aria-selected', 'false'); option.tabIndex = -1; });
    chosen = -1;
    list.hidden = !list.childElementCount;
    input.setAttribute('aria-expanded', String(!list.hidden));
    input.removeAttribute('aria-activedescendant');
  }
  function choose(next) {
    var all = options();
    if (!all.length) return;
    if (chosen >= 0) all[chosen].setAttribute('aria-selected', 'false');
    chosen = (next + all.length) % all.length;
    all[chosen].setAttribute('aria-selected', 'true');
    all[chosen].scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', all[chosen].id);
  }
  function offer_recent() {
    var kept = recent();
    list.textContent = '';
    if (!kept.length) { close(); return; }
    var part = document.createElement('section'), head = document.createElement('h2'), rows = document.createElement('ul');
    part.className = 'hits';
    head.textContent = 'Opened lately';
    kept.forEach(function (reference) {
      var row = document.createElement('li'), link = document.createElement('a');
      link.href = '/accounts/' + encodeURIComponent(reference);
      link.textContent = reference;
      link.className = 'mono';
      row.appendChild(link);
      rows.appendChild(row);
    });
    part.appendChild(head);
    part.appendChild(rows);
    list.appendChild(part);
    show();
  }
  /* What htmx puts in is shown; a look at the list itself needs no event of any version of it. */
  new MutationObserver(function () { if (document.activeElement === input && input.value) show(); })
    .observe(list, { childList: true });
  input.addEventListener('focus', function () { if (!input.value) offer_recent(); });
  input.addEventListener('input', function () { if (!input.value) offer_recent(); });
  input.addEventListener('blur', function () { setTimeout(function () { if (!list.contains(document.activeElement)) close(); }, 150); });
  list.addEventListener('mousedown', function (event) { event.preventDefault(); });
  input.addEventListener('keydown', function (event) {
    if (event.key === 'Escape' && !list.hidden) { close(); event.preventDefault(); event.stopPropagation(); return; }
    if (list.hidden) return;
    if (event.key === 'ArrowDown') { choose(chosen + 1); event.preventDefault(); }
    if (event.key === 'ArrowUp') { choose(chosen < 0 ? -1 : chosen - 1); event.preventDefault(); }
    if (event.key === 'Enter' && chosen >= 0) { location.assign(options()[chosen].href); event.preventDefault(); }
  });
  document.addEventListener('keydown', function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key === 'k') { input.focus(); input.select(); event.preventDefault(); }
  });
})();
