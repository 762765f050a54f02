/* Forms of a collector. All of them work without this; it hides what an answer does not need,
   takes number keys and Ctrl+Enter, and says what happens next while one types. */
(function () {
  var form = document.querySelector('form.w-form, form[data-form]');
  if (!form) return;
  document.documentElement.classList.add('has-js');

  function chosen(name) {
    var at = form.querySelector('input[name="' + name + '"]:checked, select[name="' + name + '"]');
    return at ? at.value : '';
  }

  /* A group is shown when its condition holds, or when something stands in it already. */
  function holds(condition) {
    return condition.split('|').some(function (one) {
      var pair = one.split('=');
      return chosen(pair[0]) === pair[1];
    });
  }
  function touched(group) {
    return Array.prototype.some.call(group.querySelectorAll('input, select, textarea'), function (at) {
      return /^(radio|checkbox)$/.test(at.type) ? at.checked && !at.defaultChecked
                                                : at.value !== '' && at.dataset.kept === 'yes';
    });
  }
  form.querySelectorAll('[data-when] input, [data-when] select').forEach(function (at) {
    if (at.value !== '' && at.type === 'text' && at.defaultValue !== '') at.dataset.kept = 'yes';
    if ((at.type === 'date' || at.type === 'time') && at.defaultValue !== '' && at.name !== 'pause_until')
      at.dataset.kept = 'yes';
    at.addEventListener('input', function () { at.dataset.kept = 'yes'; });
  });
  function arrange() {
    form.querySelectorAll('[data-when]').forEach(function (group) {
      var shown = holds(group.dataset.when) || touched(group);
      group.hidden = !shown;
      group.querySelectorAll('input, select, textarea').forEach(function (at) { at.disabled = !shown; });
    });
    say();
  }

  /* The sentence that the person will read, with what was typed in its holes. */
  function say() {
    var box = form.querySelector('[data-next]'), happened = chosen('happened');
    if (!box) return;
    var words = form.querySelector('[data-next-of="' + happened + '"]');
    box.hidden = !words;
    if (!words) return;
    box.querySelector('[data-next-words]').textContent =
      words.textContent.replace(/\{(\w+)\}/g, function (hole, name) {
        var at = form.querySelector('[name="' + name + '"]');
        if (!at || at.value === '') return '…';
        if (at.type !== 'date') return at.value;
        return new Date(at.value + 'T12:00:00').toLocaleDateString('en-US',
          { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });
      });
  }
  form.addEventListener('change', arrange);
  form.addEventListener('input', say);
  arrange();

  /* The account opens by itself once enough about them was right. */
  var checks = form.querySelector('[data-confirm]'), behind = form.querySelector('[data-behind]');
  if (checks && behind)
    checks.addEventListener('change', function () {
      behind.open = checks.querySelectorAll('input:checked').length >= +checks.dataset.confirm;
    });

  /* Number keys: the first list that is open and has no answer; then the last one. */
  function list() {
    var open = Array.prototype.filter.call(form.querySelectorAll('[data-keys]'), function (at) {
      return !at.closest('[hidden]');
    });
    return open.find(function (at) { return !at.querySelector('input:checked'); }) || open[open.length - 1];
  }
  document.addEventListener('keydown', function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
      var first = form.querySelector('.acts .btn.p, .w-callbar .btn.p');
      if (first) { first.click(); event.preventDefault(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
    if (/^(TEXTAREA|SELECT)$/.test(event.target.tagName) ||
        (event.target.tagName === 'INPUT' && !/^(radio|checkbox)$/.test(event.target.type))) return;
    var at = list(), pick = at && at.querySelectorAll('input')[+event.key - 1];
    if (!pick) return;
    pick.click();
    pick.focus();
    event.preventDefault();
  });
})();
