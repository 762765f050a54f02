/* A part of the page that was asked for and did not come: what stands there stays, and a line says
   how old it is. That is so when nobody answers, when the server cannot, and when the answer is another
   page altogether: one is signed out, or may not see it. */
(function () {
  var OWN = /^(presence|editor|ladders)$/; /* nobody asked for it just now, or the page says it itself */

  function context(event) { return event.detail && event.detail.ctx; }
  function hasPiece(asked) {
    var piece = /^#([\w-]+)/.exec(asked.select || '');
    return !piece || typeof asked.text !== 'string' || asked.text.indexOf('id="' + piece[1] + '"') >= 0;
  }
  function what(asked) {
    var status = asked.response ? asked.response.status : 0;
    if (status === 0) return 'The server does not answer.';
    if (status === 401) return 'You are signed out.';
    if (status === 403) return 'You may not see that.';
    if (status === 404) return 'That is not there any more.';
    return 'The server could not answer.';
  }
  function shownAt(target) {
    var list = target.closest('[data-time]'), clock = document.querySelector('.org .muted');
    return list ? list.dataset.time : clock ? clock.textContent : '';
  }
  /* The place for it is in the part itself, or it floats over the page. */
  function line(target) {
    var found = target.querySelector('.stale') || document.getElementById('failed');
    if (found) return found;
    found = document.createElement('p');
    found.id = 'failed';
    found.className = 'stale floats';
    found.setAttribute('role', 'status');
    document.body.append(found);
    return found;
  }
  function link(words, href) {
    var made = document.createElement('a');
    made.href = href;
    made.textContent = words;
    return made;
  }
  /* The page is left only when there is one to go to. */
  function tryAgain(event) {
    var at = event.currentTarget;
    event.preventDefault();
    fetch(at.href, { credentials: 'same-origin' }).then(function (reply) {
      if (reply.status < 500) location.reload();
      else at.textContent = 'Still not. Try again';
    }).catch(function () { at.textContent = 'Still not. Try again'; });
  }
  function again(here) {
    var made = link('Try again', here);
    made.addEventListener('click', tryAgain);
    return made;
  }
  function tell(asked) {
    var target = asked.target, at = target && target.closest ? shownAt(target) : '';
    if (!target || !target.closest || OWN.test(target.id)) return;
    var to = line(target), here = location.pathname + location.search;
    var byItself = to.id !== 'failed' && !asked.response; /* the queue asks again each minute */
    to.replaceChildren((at ? 'Showing ' + at + '. ' : '') + what(asked) + (byItself ? ' Trying again.' : ' '));
    if (asked.response && asked.response.status === 401) to.append(link('Sign in', '/sign-in?next=' + encodeURIComponent(here)));
    else if (!byItself) to.append(again(here));
    to.hidden = false;
    target.classList.remove('waiting');
  }
  document.addEventListener('htmx:error', function (event) {
    if (context(event)) tell(context(event));
  });
  document.addEventListener('htmx:before:swap', function (event) {
    var asked = context(event);
    if (!asked || (asked.response.status < 500 && hasPiece(asked))) return;
    event.preventDefault();
    tell(asked);
  });
  document.addEventListener('htmx:after:swap', function (event) {
    var floating = document.getElementById('failed');
    if (floating && context(event)) floating.remove();
  });
})();
