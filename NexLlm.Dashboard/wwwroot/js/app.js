// What must work without a round trip, or while there is no circuit. Everything is found by data attributes.
(() => {
  document.addEventListener('click', event => {
    const target = event.target.closest?.('.skip-link, [data-copy], [data-copy-from], [data-dismiss], #sidebar a');
    if (target?.matches('.skip-link')) {
      event.preventDefault();
      document.getElementById('main').focus();
    } else if (target?.matches('[data-copy], [data-copy-from]')) {
      copy(target);
    } else if (target?.matches('[data-dismiss]')) {
      target.closest('.notice').hidden = true;
    } else if (target && matchMedia('(width < 60rem)').matches) {
      document.querySelector('#sidebar[popover]')?.hidePopover();
    }
  }, true);

  document.addEventListener('keydown', event => {
    const search = document.querySelector('[data-slash]');
    const typing = event.target.closest?.('input, textarea, select, [contenteditable], dialog, [role=dialog]');
    if (event.key === '/' && search && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      // By its button, which has the focus then: a field that goes with the focus in it would still tell the circuit so.
      const submit = event.target.closest?.('form[data-ctrl-enter]')?.querySelector('[type=submit]');
      submit?.focus();
      submit?.click();
    } else if (event.key.startsWith('Arrow')) {
      moveWithin(event.target.closest?.('[data-arrows]'), event);
    }
  });

  // A row of buttons is one stop of the Tab key; arrows move within it.
  function moveWithin(row, event) {
    const buttons = [...row?.querySelectorAll('button') ?? []];
    const at = buttons.indexOf(event.target);
    if (at >= 0) {
      event.preventDefault();
      const step = event.key === 'ArrowRight' || event.key === 'ArrowDown' ? 1 : -1;
      buttons[(at + step + buttons.length) % buttons.length].focus();
    }
  }

  // data-copy holds the text; data-copy-from names the element that holds it, whose text stays selected where the
  // clipboard is out of reach (plain http), so that Ctrl+C is all that is left to do.
  async function copy(button) {
    const source = button.dataset.copyFrom && document.getElementById(button.dataset.copyFrom);
    const text = button.dataset.copy ?? source.value ?? source.textContent;
    try {
      await navigator.clipboard.writeText(text);
      showCopied(button);
      tell(button, 'Copied', !button.classList.contains('icon-button'));
      button.dispatchEvent(new CustomEvent('copied', { bubbles: true }));
    } catch {
      select(source ?? button.previousElementSibling);
      tell(button, 'Selected: press Ctrl+C');
    }
  }

  // Where the eyes are: for two seconds the button is a check mark and a word. Texts and children stay the page's own, so
  // that the circuit goes on writing to them.
  function showCopied(button) {
    button.querySelector('[data-copied]')?.done();
    const isIcon = button.classList.contains('icon-button');
    const texts = [...button.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => [node, node.data]);
    const children = [...button.children];
    button.style.minWidth = `${button.offsetWidth}px`;
    texts.forEach(([node]) => { node.data = ''; });
    children.forEach(child => { child.style.display = 'none'; });
    const mark = document.createElement('span');
    mark.className = 'copied';
    mark.dataset.copied = '';
    mark.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-check"></use></svg>';
    if (!isIcon) mark.append('Copied');
    button.append(mark);
    mark.done = () => {
      clearTimeout(timer);
      mark.remove();
      texts.filter(([node]) => node.data === '').forEach(([node, text]) => { node.data = text; });
      children.forEach(child => { child.style.display = ''; });
      button.style.minWidth = '';
    };
    const timer = setTimeout(mark.done, 2000);
  }

  // MudBlazor gives its lists no names: an open one takes that of its field.
  new MutationObserver(() => {
    for (const list of document.querySelectorAll('.mud-popover-provider [role=listbox]:not([aria-label])')) {
      const field = document.querySelector(`[aria-controls="${list.id}"]`);
      const name = field?.getAttribute('aria-label') ?? field?.labels?.[0]?.textContent;
      if (name) list.setAttribute('aria-label', name);
    }
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['aria-expanded', 'aria-controls'] });

  window.nexllm = { showCopied };

  function select(element) {
    if (element?.select) {
      element.select();
    } else if (element) {
      getSelection().selectAllChildren(element);
    }
  }

  // Unseen, it is there for who listens.
  function tell(button, words, unseen = false) {
    document.querySelector('[data-told]')?.remove();
    const bubble = document.createElement('span');
    bubble.className = unseen ? 'sr-only' : 'copy-status';
    bubble.dataset.told = '';
    bubble.setAttribute('role', 'status');
    document.body.append(bubble);
    const place = button.getBoundingClientRect();
    bubble.style.left = `${Math.min(place.left + place.width / 2, innerWidth - 80)}px`;
    bubble.style.top = `${Math.max(place.top - 34, 4)}px`;
    bubble.textContent = words;
    setTimeout(() => bubble.remove(), 2000);
  }

  // The circuit came to its end: what the server remembered of this page is gone, and loading it again leads to the
  // log-in page if the login is over too.
  const reloaded = 'nexllm.reloaded';
  const modal = document.getElementById('components-reconnect-modal');
  const startAgain = () => {
    sessionStorage.setItem(reloaded, '1');
    location.reload();
  };
  const reconnect = async () => {
    try {
      if (!await Blazor.reconnect()) {
        startAgain();
      }
    } catch {
      // Still no server: the dialog stays, and so does its button.
    }
  };
  modal.addEventListener('components-reconnect-state-changed', ({ detail }) => {
    if (detail.state === 'show' && !modal.open) {
      modal.showModal();
    } else if (detail.state === 'hide') {
      modal.close();
    } else if (detail.state === 'rejected') {
      startAgain();
    }
  });
  modal.addEventListener('cancel', event => event.preventDefault());
  modal.querySelector('[data-reconnect]').addEventListener('click', reconnect);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && modal.classList.contains('components-reconnect-failed')) {
      reconnect();
    }
  });

  if (sessionStorage.getItem(reloaded)) {
    sessionStorage.removeItem(reloaded);
    document.querySelector('[data-reloaded]').hidden = false;
  }
})();
