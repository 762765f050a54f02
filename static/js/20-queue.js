/* Keys, the command bar, and what the queue does better with script. Every page works without it.
   - single letters work outside of fields only, and not at all when they are switched off
   - Ctrl+K goes to pages and searches; / goes to the search box
   - Z undoes the last deed, for five minutes, on whatever page one is by then */
(function () {
  var root = document.documentElement, UNDO_MS = 5 * 60 * 1000, REFRESH_MS = 60 * 1000, LOOK_MS = 250;
  root.classList.add('js');

  function kept(name) {
    try { return localStorage.getItem(name); } catch (refused) { return null; }
  }
  function keep(name, value) {
    try { localStorage.setItem(name, value); } catch (refused) { /* not kept, then */ }
  }
  function first(selector, within) { return (within || document).querySelector(selector); }
  function all(selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector));
  }

  /* ---- Single letters: on or off ---- */
  function areOn() { return kept('keys') !== 'off'; }
  function showOn() { root.classList.toggle('keys-off', !areOn()); }
  function bindSwitch(box) {
    var holder = box.closest('[data-keys-switch]');
    if (holder) holder.hidden = false;
    box.checked = areOn();
    box.addEventListener('change', function () {
      keep('keys', box.checked ? 'on' : 'off');
      showOn();
    });
  }
  showOn();
  all('[data-act=keys]').forEach(bindSwitch);

  /* ---- Undo ---- */
  var notice = first('.notice form');
  if (notice) keepUndo(notice.getAttribute('action'));
  function keepUndo(path) {
    try { sessionStorage.setItem('undo', JSON.stringify({ path: path, at: Date.now() })); }
    catch (refused) { /* only the button, then */ }
  }
  function undo() {
    var last = null, token = first('input[name=csrf]');
    try { last = JSON.parse(sessionStorage.getItem('undo')); } catch (refused) { /* none */ }
    if (!last || !token || Date.now() - last.at > UNDO_MS) return say('There is nothing to undo.');
    try { sessionStorage.removeItem('undo'); } catch (refused) { /* none */ }
    var form = document.createElement('form'), field = document.createElement('input');
    form.method = 'post';
    form.action = last.path;
    field.type = 'hidden';
    field.name = 'csrf';
    field.value = token.value;
    form.append(field);
    document.body.append(form);
    form.submit();
  }

  /* One polite region, made once. */
  var region = document.createElement('p');
  region.className = 'vh';
  region.setAttribute('role', 'status');
  document.body.append(region);
  function say(words) {
    region.textContent = '';
    setTimeout(function () { region.textContent = words; }, 50);
    return false;
  }

  /* ---- Dialogs: the list of keys, the command bar ---- */
  function dialog(className, label) {
    var at = document.createElement('dialog');
    at.className = className;
    at.setAttribute('aria-label', label);
    document.body.append(at);
    at.addEventListener('click', function (event) { if (event.target === at) at.close(); });
    return at;
  }

  var keysDialog = null;
  function showKeys() {
    if (keysDialog) { keysDialog.showModal(); return; }
    fetch('/keys', { credentials: 'same-origin' }).then(function (reply) {
      if (!reply.ok) throw new Error(reply.status);
      return reply.text();
    }).then(function (text) {
      var page = new DOMParser().parseFromString(text, 'text/html');
      var list = page.querySelector('.keylist'), box = page.querySelector('[data-keys-switch] label');
      if (!list) throw new Error('no list');
      keysDialog = dialog('commands', 'Keys');
      var bar = document.createElement('div'), close = document.createElement('button');
      bar.className = 'bar';
      close.type = 'button';
      close.className = 'btn sp';
      close.textContent = 'Close';
      close.addEventListener('click', function () { keysDialog.close(); });
      if (box) bar.append(box);
      bar.append(close);
      keysDialog.append(list, bar);
      all('[data-act=keys]', keysDialog).forEach(bindSwitch);
      keysDialog.showModal();
    }).catch(function () { location.href = '/keys'; });
  }
  document.addEventListener('click', function (event) {
    var at = event.target.closest('[data-act=keys-show]');
    if (!at || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    showKeys();
  });

  var bar = null;
  /* The entries of the rail and of the person's menu, and the pages that have no entry there. */
  function commands() {
    var more = [['/me', 'My day'], ['/keys', 'Keys'], ['/accounts', 'Accounts']];
    var found = all('.rail a, .me .card a').map(function (link) {
      var words = link.cloneNode(true);
      all('.n', words).forEach(function (count) { count.remove(); });
      return { href: link.getAttribute('href'), words: words.textContent.trim() };
    });
    if (first('.rail a[href="/queue"]')) more.push(['/queue?who=mine', 'Queue: mine'], ['/queue?kind=reply', 'Queue: replies'],
      ['/queue?kind=callback', 'Queue: callbacks'], ['/queue?day=tomorrow', 'Queue: tomorrow']);
    more.forEach(function (pair) {
      if (!found.some(function (one) { return one.href === pair[0]; })) found.push({ href: pair[0], words: pair[1] });
    });
    var account = location.pathname.match(/^\/accounts\/([^/]+)/);
    var open = new URLSearchParams(location.search).get('open');
    var here = account ? account[1] : open ? encodeURIComponent(open) : null;
    if (here) [['hold', 'Hold'], ['dispute', 'New dispute'], ['plan', 'New plan'], ['promise', 'New promise'],
      ['hardship', 'Hardship'], ['wrap-up', 'After a call']].forEach(function (pair) {
      found.push({ href: '/accounts/' + here + '/' + pair[0], words: pair[1] });
    });
    return found;
  }
  function showCommands() {
    if (!bar) {
      bar = dialog('commands', 'Commands and search');
      var form = document.createElement('form'), input = document.createElement('input'),
          list = document.createElement('ul');
      form.action = '/search';
      form.method = 'get';
      input.name = 'q';
      input.type = 'search';
      input.autocomplete = 'off';
      input.placeholder = 'Go to, or search for a person';
      input.setAttribute('aria-label', 'Go to a page, or search');
      input.setAttribute('role', 'combobox');
      input.setAttribute('aria-expanded', 'true');
      input.setAttribute('aria-controls', 'command-list');
      list.id = 'command-list';
      list.setAttribute('role', 'listbox');
      list.setAttribute('aria-label', 'Commands');
      form.append(input);
      bar.append(form, list);
      input.addEventListener('input', function () { fill(input, list); });
      input.addEventListener('keydown', function (event) { choose(event, input, list); });
      form.addEventListener('submit', function (event) {
        var at = first('[aria-selected=true]', list);
        if (at && at.dataset.search !== 'yes') { event.preventDefault(); location.href = at.href; }
        else if (input.value.trim() === '') event.preventDefault();
      });
    }
    var box = first('input', bar);
    box.value = '';
    fill(box, first('ul', bar));
    bar.showModal();
    box.focus();
  }
  function fill(input, list) {
    var typed = input.value.trim().toLowerCase();
    var fit = commands().filter(function (one) { return one.words.toLowerCase().indexOf(typed) >= 0; });
    list.replaceChildren();
    if (typed !== '') fit.push({ href: '/search?q=' + encodeURIComponent(input.value.trim()), words: 'Search for “' + input.value.trim() + '”', search: true });
    fit.slice(0, 12).forEach(function (one, place) {
      var item = document.createElement('li'), link = document.createElement('a');
      item.setAttribute('role', 'presentation');
      link.href = one.href;
      link.id = 'command-' + place;
      link.textContent = one.words;
      link.setAttribute('role', 'option');
      link.setAttribute('aria-selected', place === 0 ? 'true' : 'false');
      link.tabIndex = -1;
      if (one.search) link.dataset.search = 'yes';
      item.append(link);
      list.append(item);
    });
    input.setAttribute('aria-activedescendant', fit.length ? 'command-0' : '');
  }
  function choose(event, input, list) {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    var links = all('a', list), at = links.findIndex(function (a) { return a.getAttribute('aria-selected') === 'true'; });
    if (!links.length) return;
    event.preventDefault();
    var next = (at + (event.key === 'ArrowDown' ? 1 : links.length - 1)) % links.length;
    links.forEach(function (a, place) { a.setAttribute('aria-selected', place === next ? 'true' : 'false'); });
    links[next].scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', links[next].id);
  }

  /* ---- The list ---- */
  function rows() { return all('.qrow'); }
  function current() {
    var list = rows(), focused = document.activeElement && document.activeElement.closest('.qrow');
    var at = focused ? list.indexOf(focused)
                     : list.findIndex(function (row) { return first('.qi[aria-current]', row); });
    return { list: list, at: at };
  }
  function move(by) {
    var now = current(), next = Math.max(0, Math.min(now.list.length - 1, now.at + by));
    if (!now.list.length) return;
    var link = first('.qi', now.list[next]);
    link.focus();
    now.list[next].scrollIntoView({ block: 'nearest' });
    look(link);
  }

  /* Beside the list stands whoever is in hand: after a pause, so that walking fast loads nobody on
     the way. What is being written there stays; where there is no room beside the list, nothing is
     loaded. */
  var looking = 0, looked = 0, WIDE = '(min-width:1100px)';
  function isWritten(panel) {
    return all('textarea, input[type=text], input:not([type])', panel).some(function (field) {
      return field.value !== field.defaultValue;
    });
  }
  function look(link) {
    var panel = document.getElementById('queue-open');
    clearTimeout(looking);
    if (!panel || !window.htmx || !matchMedia(WIDE).matches || isWritten(panel)) return;
    var here = link.hasAttribute('aria-current');
    panel.classList.toggle('waiting', !here);
    looked += 1;
    if (!here) looking = setTimeout(fetchLook, LOOK_MS, link, looked);
  }
  function fetchLook(link, turn) {
    var to = new URL(link.href), open = new URLSearchParams(location.search).has('open');
    if (!link.isConnected) return;
    to.searchParams.set('look', to.searchParams.get('open'));
    to.searchParams.delete('open');
    var path = to.pathname + to.search, ask = { source: link, target: '#queue-open', select: '#queue-open', swap: 'outerHTML', turn: turn };
    ask[open ? 'push' : 'replace'] = path;
    window.htmx.ajax('GET', path, ask);
  }
  var ticked = null; /* the row that was ticked last */
  function tick(range) {
    var now = current();
    if (now.at < 0) return;
    var from = range && ticked ? now.list.indexOf(ticked) : now.at;
    if (from < 0) from = now.at;
    var box = first('input', now.list[now.at]), state = range ? true : !box.checked;
    for (var i = Math.min(from, now.at); i <= Math.max(from, now.at); i++)
      first('input', now.list[i]).checked = state;
    ticked = now.list[now.at];
    counted();
  }
  function counted() {
    var list = document.getElementById('queue-list');
    if (!list) return;
    var count = all('input[name=task]:checked', list).length, words = first('[data-selected]', list),
        whole = first('[data-act=select-page]', list);
    if (words) words.textContent = count === 0 ? 'With those you tick' : 'With the ' + count + ' you ticked';
    if (whole) whole.hidden = count === 0 || count === rows().length;
  }
  document.addEventListener('change', function (event) {
    if (!event.target.matches('.qpick input')) return;
    ticked = event.target.closest('.qrow');
    counted();
  });
  document.addEventListener('click', function (event) {
    if (!event.target.closest('[data-act=select-page]')) return;
    rows().forEach(function (row) { first('input', row).checked = true; });
    counted();
  });

  /* What is open is lit at once; the panel follows. */
  function light(row, beside) {
    all('.qi[aria-current]').forEach(function (link) { link.removeAttribute('aria-current'); });
    var link = row && first('.qi', row);
    if (link) link.setAttribute('aria-current', 'true');
    var desk = first('.qdesk');
    if (desk) desk.classList.toggle('opened', Boolean(row) && !beside);
  }
  document.addEventListener('click', function (event) {
    var link = event.target.closest('.qi');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    clearTimeout(looking);
    looked += 1;
    if (window.htmx) light(link.closest('.qrow'));
  });

  /* S, A: of what is ticked; else of the row in hand, which then is the one that is open. */
  function act(what) {
    var list = document.getElementById('queue-list');
    if (!list) return;
    if (!all('input[name=task]:checked', list).length) {
      var open = first('#task-act [data-key=' + (what === 'take' ? 'a' : 's') + ']');
      var now = current();
      var row = now.at >= 0 ? now.list[now.at] : null;
      if (open && (!row || first('.qi[aria-current]', row))) {
        if (open.tagName !== 'DETAILS') return open.click();
        open.open = true;
        first('button', open).focus();
        return;
      }
      if (!row) return say('Choose somebody from the list first.');
      first('input', row).checked = true;
      counted();
    }
    if (what === 'take') first('button[name=do][value=take]', list).click();
    else first('[data-until]', list).focus();
  }

  /* Every minute the list is read again, unless somebody is at work in it. */
  function refresh() {
    var list = document.getElementById('queue-list');
    if (!list || !window.htmx || document.hidden) return;
    if (all('input[name=task]:checked', list).length || list.contains(document.activeElement)) return;
    window.htmx.ajax('GET', location.pathname + location.search, { source: '#queue-list', target: '#queue-list', select: '#queue-list', swap: 'outerMorph' });
  }
  if (document.getElementById('queue-list')) setInterval(refresh, REFRESH_MS);

  /* Whoever stands beside the list is the row that is lit: where another did not come, the row of
     before is lit again, or a key would act on somebody else than one sees. */
  var stood = {};
  function stands() {
    var row = first('.qrow:has(.qi[aria-current])');
    stood = { row: row && row.id, beside: !first('.qdesk.opened') };
  }
  stands();
  function besideFailed(context) {
    if (!context.target || context.target.id !== 'queue-open') return;
    light(document.getElementById(stood.row), stood.beside);
    say('What stands beside the list is as before. Enter tries this one again.');
  }
  document.addEventListener('htmx:error', function (event) {
    if (event.detail && event.detail.ctx) besideFailed(event.detail.ctx);
  });
  document.addEventListener('htmx:before:swap', function (event) {
    var context = event.detail && event.detail.ctx;
    if (!context) return;
    if (event.defaultPrevented) return besideFailed(context);
    if (!context.turn) return;
    if (context.turn !== looked) event.preventDefault(); /* somebody else is in hand by now */
    else light(context.sourceElement.closest('.qrow'), true);
  });
  document.addEventListener('htmx:after:swap', function (event) {
    var context = event.detail && event.detail.ctx;
    counted();
    if (!context || !context.target || context.target.id !== 'queue-open') return;
    stands();
    var panel = document.getElementById('queue-open');
    if (panel && !matchMedia(WIDE).matches) panel.scrollIntoView();
  });

  /* ---- Keys ---- */
  var going = 0; /* G was pressed at this moment */
  var places = { q: '/queue', a: '/accounts', i: '/insights', s: '/strategies', c: '/compliance/log', m: '/me' };
  function inField(at) {
    return at && (/^(TEXTAREA|SELECT)$/.test(at.tagName) || at.isContentEditable ||
      (at.tagName === 'INPUT' && !/^(checkbox|radio|button|submit)$/.test(at.type)));
  }
  document.addEventListener('keydown', function (event) {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      showCommands();
      return;
    }
    if (event.key === 'Escape') {
      all('details.menu[open], details.me[open], details.bell[open], details.qwhy[open]').forEach(function (menu) { menu.open = false; });
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
      var form = event.target.closest && event.target.closest('form');
      if (form && !event.defaultPrevented && !form.matches('.form')) form.requestSubmit();
      return;
    }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || inField(event.target) ||
        !areOn() || first('dialog[open]')) return;
    var key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (going && Date.now() - going < 1500 && places[key]) {
      going = 0;
      var link = first('.rail a[href="' + places[key] + '"], .me .card a[href="' + places[key] + '"]');
      if (link) location.href = places[key];
      event.preventDefault();
      return;
    }
    going = 0;
    if (key === 'g') { going = Date.now(); return; }
    if (key === '?') { event.preventDefault(); showKeys(); return; }
    if (key === 'z') { event.preventDefault(); undo(); return; }
    if (inQueue(event, key) || inRows(key) || inDays(event, key)) { event.preventDefault(); return; }
    var marked = all('[data-key="' + key + '"]').find(function (at) { return at.offsetParent !== null; });
    if (!marked || marked.closest('.qopen.waiting')) return; /* it still shows who was in hand before */
    event.preventDefault();
    if (inField(marked)) marked.focus();
    else marked.click();
  });

  /* Whether the key was one of the queue's, or of a list of rows; if so, it was followed. */
  function inQueue(event, key) {
    if (!document.getElementById('queue-list')) return false;
    var chip = /^[1-4]$/.test(key) && first('.qtabs [data-key="' + key + '"]');
    if (chip) { chip.click(); return true; }
    var deeds = { j: function () { move(1); }, k: function () { move(-1); }, s: function () { act('snooze'); },
      a: function () { act('take'); }, x: function () { tick(event.shiftKey); } };
    var at = document.activeElement, chosen = first('.qi[aria-current]');
    if (key === 'Enter' && chosen && (!at || at === document.body)) deeds.Enter = function () { chosen.click(); };
    if (deeds[key]) deeds[key]();
    return Boolean(deeds[key]);
  }
  /* Days of promises, side by side; an arrow leads to the one before or after. */
  function inDays(event, key) {
    var days = all('.strip a'), at = days.findIndex(function (day) { return day.hasAttribute('aria-current'); });
    var to = key === 'ArrowRight' ? days[at + 1] : key === 'ArrowLeft' ? days[at - 1] : null;
    if (!to || event.shiftKey || (event.target.closest && event.target.closest('.scroll, [role=radiogroup]'))) return false;
    to.click();
    return true;
  }
  function inRows(key) {
    var links = all('a[data-row]'), at = links.indexOf(document.activeElement);
    if (!links.length || (key !== 'j' && key !== 'k')) return false;
    if (at < 0) at = links.findIndex(function (link) { return link.getAttribute('aria-current'); });
    links[Math.max(0, Math.min(links.length - 1, at + (key === 'j' ? 1 : -1)))].focus();
    return true;
  }
})();
