/* Search: what was found while one types, by keys: up and down, Enter, Esc. Enter without a choice
   searches as without script. While nothing is typed, the accounts that were opened lately are offered again. */
(function () {
  var input = document.getElementById('find'), list = document.getElementById('found');
  if (!input || !list) return;
  var chosen = -1;

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
    list.querySelectorAll('section,ul,li,h2,p').forEach(function (part) { part.setAttribute('role', 'presentation'); });
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
  /* While nothing is typed the server is asked all the same: it says what was opened lately. */
  function offer_recent() {
    if (input.value || !window.htmx) return;
    window.htmx.ajax('GET', '/search', { source: '#find', target: '#found', select: '#results > *', swap: 'innerHTML' });
  }
  /* What htmx puts in is shown; a look at the list itself needs no event of any version of it. */
  new MutationObserver(function () { if (document.activeElement === input) show(); })
    .observe(list, { childList: true });
  input.addEventListener('focus', offer_recent);
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
