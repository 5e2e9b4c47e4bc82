/** Sends what stands in the form, lights the targets up that are asked, and shows the reply as it comes. */
export const playgroundScript = `
(function () {
  'use strict';
  var root = document.querySelector('[data-playground]');
  if (!root) return;
  var form = root.querySelector('form');
  var talk = root.querySelector('[data-talk]');
  var tree = root.querySelector('[data-tree]');
  var state = root.querySelector('[data-state]');
  var stop = root.querySelector('[data-stop]');
  var send = form.querySelector('[type=submit]');
  var hint = talk.innerHTML;
  var history = [];
  var running = null;

  function element(tag, className, text) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function say(role, text) {
    if (!history.length && role === 'user') talk.replaceChildren();
    var bubble = element('div', 'said ' + role);
    bubble.appendChild(element('strong', '', role === 'user' ? 'You' : 'Reply'));
    var words = element('div', 'words', text);
    bubble.appendChild(words);
    talk.appendChild(bubble);
    return { bubble: bubble, words: words };
  }
  function nodeAt(path) {
    return Array.from(tree.querySelectorAll('[data-path]')).find(function (node) { return node.dataset.path === path; });
  }
  function mark(attempt, isOver) {
    var node = nodeAt(attempt.path);
    if (!node) {
      node = element('div', 'node', attempt.name || attempt.provider);
      node.dataset.path = attempt.path;
      tree.appendChild(node);
    }
    node.classList.remove('untried', 'trying', 'failed', 'answered');
    for (var item = node.closest('li'); item; item = item.parentElement.closest('li')) item.firstElementChild.classList.remove('untried');
    if (!isOver) { node.classList.add('trying'); return; }
    var isGood = attempt.outcome === 'success';
    node.classList.add(isGood ? 'answered' : 'failed');
    var words = [attempt.status, isGood ? null : attempt.errorKind || attempt.outcome, Math.round(attempt.durationMs || 0) + ' ms'];
    node.insertBefore(element('span', 'pill ' + (isGood ? 'good' : 'bad'), words.filter(Boolean).join(' · ')), node.querySelector('.path'));
  }
  function refreshTree() {
    return fetch(root.dataset.playground + '/tree?config=' + encodeURIComponent(form.config.value.trim()))
      .then(function (response) { return response.text(); })
      .then(function (html) { tree.innerHTML = html; });
  }
  function bodyOf() {
    var system = form.system.value.trim();
    var body = {
      model: form.model.value.trim(),
      messages: (system ? [{ role: 'system', content: system }] : []).concat(history)
    };
    if (form.stream.checked) { body.stream = true; body.stream_options = { include_usage: true }; }
    if (form.max_tokens.value) body.max_tokens = Number(form.max_tokens.value);
    if (!body.model) delete body.model;
    return body;
  }
  function lines(response, tell) {
    var reader = response.body.getReader();
    var decoder = new TextDecoder();
    var rest = '';
    function step(part) {
      rest += decoder.decode(part.value || new Uint8Array(), { stream: !part.done });
      var all = rest.split('\\n');
      rest = all.pop();
      all.forEach(function (line) { if (line) tell(JSON.parse(line)); });
      return part.done ? undefined : reader.read().then(step);
    }
    return reader.read().then(step);
  }
  function finish(reply, facts) {
    var notes = element('p', 'muted notes');
    var usage = facts.usage;
    var words = [Math.round(performance.now() - facts.began) + ' ms'];
    if (usage) words.push(usage.prompt_tokens + ' tokens in, ' + usage.completion_tokens + ' out');
    if (facts.cache && facts.cache.indexOf('HIT') >= 0) words.push('from the cache');
    notes.textContent = words.join(' · ');
    if (facts.id && root.dataset.logs) {
      var link = element('a', '', 'Its log');
      link.href = root.dataset.logs + encodeURIComponent(facts.id);
      notes.append(' · ', link);
    }
    reply.bubble.appendChild(notes);
  }
  function setBusy(isBusy) {
    send.disabled = isBusy;
    stop.disabled = !isBusy;
    state.textContent = isBusy ? 'Waiting for the reply' : '';
  }
  form.addEventListener('submit', function (event) {
    event.preventDefault();
    if (running) return;
    var message = form.message.value.trim();
    if (!message) return;
    say('user', message);
    history.push({ role: 'user', content: message });
    form.message.value = '';
    var reply = say('assistant', '');
    var facts = { began: performance.now() };
    var failed = '';
    running = new AbortController();
    setBusy(true);
    refreshTree()
      .then(function () {
        return fetch(root.dataset.playground + '/run', {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
          body: JSON.stringify({ config: form.config.value.trim(), body: bodyOf() }),
          signal: running.signal
        });
      })
      .then(function (response) {
        if (!response.ok) throw new Error('The server answered ' + response.status + '.');
        return lines(response, function (told) {
          if (told.type === 'start') facts.id = told.id;
          else if (told.type === 'try' || told.type === 'tried') mark(told.attempt, told.type === 'tried');
          else if (told.type === 'text') { reply.words.textContent += told.text; state.textContent = 'The reply comes'; }
          else if (told.type === 'end') { facts.usage = told.usage; facts.cache = told.cache; }
          else failed = told.message;
        });
      })
      .catch(function (error) { failed = error.name === 'AbortError' ? 'Stopped.' : error.message; })
      .then(function () {
        if (failed) reply.bubble.appendChild(element('p', 'notice bad', failed));
        if (reply.words.textContent) history.push({ role: 'assistant', content: reply.words.textContent });
        else history.pop();
        finish(reply, facts);
        tree.querySelectorAll('.trying').forEach(function (node) { node.classList.remove('trying'); });
        running = null;
        setBusy(false);
        form.message.focus();
      });
  });
  form.message.addEventListener('keydown', function (event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });
  form.config.addEventListener('change', refreshTree);
  stop.addEventListener('click', function () { if (running) running.abort(); });
  root.querySelector('[data-clear]').addEventListener('click', function () {
    if (running) running.abort();
    history = [];
    talk.innerHTML = hint;
    refreshTree();
  });
})();
`;
