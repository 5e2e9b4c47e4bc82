/**
 * Keeps the element with `data-live`, an address, up to date: asks every other second, while the page is seen and not paused. What is new
 * in it is marked for a moment; the focus stays where it is.
 */
export const liveScript = `
(function () {
  'use strict';
  var box = document.querySelector('[data-live]');
  if (!box) return;
  var button = document.querySelector('[data-live-toggle]');
  var state = document.querySelector('[data-live-state]');
  var everyMs = 2000;
  var isPaused = false;
  var etag = null;
  var timer = null;

  function show(name, text) {
    if (!state || state.dataset.state === name) return;
    state.dataset.state = name;
    state.querySelector('span:last-child').textContent = text;
  }
  function keysOf() {
    return new Set(Array.from(box.querySelectorAll('[data-key]'), function (row) { return row.dataset.key; }));
  }
  function replace(html) {
    var before = keysOf();
    var focused = document.activeElement && box.contains(document.activeElement) ? document.activeElement.id : '';
    box.innerHTML = html;
    window.modelmux.localise(box);
    box.querySelectorAll('[data-key]').forEach(function (row) {
      if (!before.has(row.dataset.key)) row.classList.add('fresh');
    });
    var again = focused && document.getElementById(focused);
    if (again) again.focus();
  }
  function ask() {
    timer = null;
    if (isPaused || document.hidden) return;
    fetch(box.dataset.live, { headers: etag ? { 'if-none-match': etag } : {}, redirect: 'error' })
      .then(function (response) {
        if (response.status === 304) return show('on', 'Live');
        if (!response.ok) throw new Error(String(response.status));
        var first = etag === null;
        etag = response.headers.get('etag');
        return response.text().then(function (html) {
          if (!isPaused && !(first && html === box.innerHTML)) replace(html);
          show(isPaused ? 'off' : 'on', isPaused ? 'Paused' : 'Live');
        });
      })
      .catch(function () { show('lost', 'Not connected'); })
      .finally(plan);
  }
  function plan() {
    if (timer === null && !isPaused && !document.hidden) timer = setTimeout(ask, everyMs);
  }
  function toggle() {
    isPaused = !isPaused;
    button.setAttribute('aria-pressed', String(isPaused));
    button.textContent = isPaused ? 'Resume' : 'Pause';
    if (isPaused) { clearTimeout(timer); timer = null; show('off', 'Paused'); } else ask();
  }
  if (button) { button.hidden = false; button.addEventListener('click', toggle); }
  document.addEventListener('visibilitychange', function () { if (!document.hidden && timer === null) ask(); });
  show('on', 'Live');
  plan();
})();
`;
