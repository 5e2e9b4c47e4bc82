/** For every page: the theme, times in the visitor's zone, buttons that copy, forms that submit when they change. */
export const commonScript = `
(function () {
  'use strict';
  var root = document.documentElement;

  function isDark() {
    var chosen = root.getAttribute('data-theme');
    return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  }
  function labelToggle() {
    var toggle = document.querySelector('[data-theme-toggle]');
    if (toggle) toggle.setAttribute('aria-label', isDark() ? 'Use light colours' : 'Use dark colours');
  }
  function toggleTheme() {
    var theme = isDark() ? 'light' : 'dark';
    root.setAttribute('data-theme', theme);
    document.cookie = 'modelmux_theme=' + theme + '; Path=/console; SameSite=Strict; Max-Age=31536000';
    labelToggle();
    document.dispatchEvent(new CustomEvent('themechange'));
  }

  var day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
  var clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
  var full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });
  function localise(within) {
    within.querySelectorAll('time[datetime]').forEach(function (element) {
      var time = new Date(element.dateTime);
      if (isNaN(time)) return;
      element.title = full.format(time);
      element.textContent =
        element.dataset.form === 'full' ? full.format(time)
        : element.dataset.form === 'clock' ? clock.format(time)
        : day.format(time) + ', ' + clock.format(time);
    });
    within.querySelectorAll('input[data-iso]').forEach(function (input) {
      input.type = 'datetime-local';
      var time = new Date(input.dataset.iso);
      if (isNaN(time)) return;
      input.value = new Date(time - time.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
    });
  }

  function copy(button) {
    var source = button.dataset.copy || document.getElementById(button.dataset.copyFrom).textContent;
    var label = button.textContent;
    var said = function (text) {
      button.textContent = text;
      setTimeout(function () { button.textContent = label; }, 1500);
    };
    if (!navigator.clipboard) return said('Not allowed');
    navigator.clipboard.writeText(source).then(function () { said('Copied'); }, function () { said('Not allowed'); });
  }

  document.addEventListener('click', function (event) {
    var target = event.target.closest('[data-theme-toggle], [data-copy], [data-copy-from]');
    if (!target) return;
    if (target.hasAttribute('data-theme-toggle')) toggleTheme();
    else copy(target);
  });
  document.addEventListener('change', function (event) {
    if (event.target.hasAttribute('data-submit')) event.target.form.requestSubmit();
  });
  // Addresses hold times of one meaning everywhere, and nothing that was left empty.
  document.addEventListener('formdata', function (event) {
    var form = event.target;
    if (form.method !== 'get') return;
    form.querySelectorAll('input[data-iso]').forEach(function (input) {
      if (input.value) event.formData.set(input.name, new Date(input.value).toISOString());
    });
    Array.from(event.formData.entries()).forEach(function (entry) {
      if (entry[1] === '') event.formData.delete(entry[0]);
    });
  });
  document.addEventListener('submit', function (event) {
    var question = event.target.dataset.confirm;
    if (question && !confirm(question)) event.preventDefault();
  });

  // On narrow screens the navigation is a row that may be wider than the screen.
  var current = document.querySelector('.nav [aria-current]');
  if (current) current.scrollIntoView({ block: 'nearest', inline: 'nearest' });

  window.modelmux = { localise: localise };
  labelToggle();
  localise(document);
})();
`;
