// Ctrl+K, or ⌘K on a Mac, presses the search button of the app bar wherever the focus is. The palette itself is the circuit's.
(() => {
  const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
  document.documentElement.toggleAttribute('data-mac', isMac);

  document.addEventListener('keydown', event => {
    if (event.key?.toLowerCase() === 'k' && (isMac ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey) {
      const button = document.querySelector('[data-palette-button]');
      if (!button) return;
      event.preventDefault();
      if (!document.querySelector('[role=dialog], dialog[open]')) button.click();
    } else if (event.target.matches?.('[data-palette-field]') && ['ArrowUp', 'ArrowDown'].includes(event.key)) {
      // They move through the results; the caret stays.
      event.preventDefault();
    }
  }, true);

  let opener;
  document.addEventListener('click', event => {
    if (event.target.closest?.('[data-palette-button]')) opener = document.activeElement;
  }, true);

  document.addEventListener('focusin', event => {
    const field = event.target;
    if (!field.matches?.('[data-palette-field]')) return;
    // Closed, it gives the focus back, unless it has led to another page.
    new MutationObserver((_, closing) => {
      if (field.isConnected) return;
      closing.disconnect();
      if (document.activeElement === document.body) opener?.focus();
    }).observe(document.body, { childList: true, subtree: true });
    new MutationObserver(() => document.getElementById(field.getAttribute('aria-activedescendant'))?.scrollIntoView({ block: 'nearest' }))
      .observe(field, { attributeFilter: ['aria-activedescendant'] });
  });
})();
