// Runs before the first paint: the theme must not flash, and the server needs the time zone with the next request.
(() => {
  const root = document.documentElement;
  const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
  const isSecure = location.protocol === 'https:';
  const path = new URL(document.baseURI).pathname.replace(/(.)\/$/, '$1');
  // The prefixes by which no neighbouring host can set a cookie for us; the server reads it by the same name.
  const prefix = !isSecure ? '' : path === '/' ? '__Host-' : '__Secure-';
  const keep = (name, value) => {
    const secure = isSecure ? '; secure' : '';
    document.cookie = `${prefix}${name}=${encodeURIComponent(value)}; path=${path}; max-age=31536000; samesite=lax${secure}`;
  };
  const show = () => {
    const choice = document.cookie.match(new RegExp(`(?:^|; )${prefix}theme=(light|dark)`))?.[1];
    root.dataset.theme = choice ?? (systemIsDark.matches ? 'dark' : 'light');
  };

  keep('tz', Intl.DateTimeFormat().resolvedOptions().timeZone);
  systemIsDark.addEventListener('change', show);
  show();

  document.addEventListener('click', event => {
    const chosen = event.target.closest?.('[data-choose-theme]');
    if (!chosen) return;
    keep('theme', chosen.dataset.chooseTheme);
    show();
    for (const button of document.querySelectorAll('[data-choose-theme]')) {
      button.setAttribute('aria-pressed', button === chosen);
    }
  });
})();
