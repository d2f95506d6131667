using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>A page as a person, or a screen reader, finds its way on it: by roles and names.</summary>
internal static class PageExtensions
{
    /// <summary>Where pictures of the screen go; none are made if it is not set.</summary>
    private static readonly string? _pictures = Environment.GetEnvironmentVariable("SCREENSHOTS");

    private static readonly object _everyRule = new
    {
        runOnly = new[] { "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice" },
        rules = new Dictionary<string, object> { ["target-size"] = new { enabled = true } },
        resultTypes = new[] { "violations" },
    };

    /// <summary>What a dark page can do wrong that the same page in light does right.</summary>
    private static readonly object _rulesOfColour = new
    {
        runOnly = new { type = "rule", values = new[] { "color-contrast", "link-in-text-block" } },
        resultTypes = new[] { "violations" },
    };

    private static readonly string _axe = new BundledAxeScriptProvider().GetScript();

    extension(IPage page)
    {
        public ILocator Main => page.GetByRole(AriaRole.Main);

        public ILocator Modal => page.GetByRole(AriaRole.Dialog);

        /// <summary>Opens who is logged in, the theme and the log-out.</summary>
        public ILocator AccountMenu => page.Locator(".account-glance");

        public ILocator Button(string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

        public ILocator Link(string name) => page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

        public ILocator Heading(string name) => page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });

        public ILocator Field(string name) => page.GetByRole(AriaRole.Textbox, new() { Name = name, Exact = true });

        public ILocator Search(string name) => page.GetByRole(AriaRole.Searchbox, new() { Name = name, Exact = true });

        public ILocator Box(string name) => page.GetByRole(AriaRole.Checkbox, new() { Name = name, Exact = true });

        public ILocator Switch(string name) => page.GetByRole(AriaRole.Switch, new() { Name = name, Exact = true });

        public ILocator Group(string name) => page.GetByRole(AriaRole.Group, new() { Name = name, Exact = true });

        /// <summary>A field with a list of choices.</summary>
        public ILocator Combobox(string name) => page.GetByRole(AriaRole.Combobox, new() { Name = name, Exact = true });

        /// <summary>Opens such a list and chooses what says this.</summary>
        public async Task ChooseAsync(string name, string words)
        {
            await page.Combobox(name).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Listbox, new() { Name = name, Exact = true })).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Option).Filter(new() { HasText = words }).First.ClickAsync();
            await Expect(page.GetByRole(AriaRole.Listbox)).ToBeHiddenAsync();
        }

        /// <summary>The row of the key with this name.</summary>
        public ILocator KeyRow(string name) =>
            page.GetByRole(AriaRole.Table, new() { Name = "API keys" }).GetByRole(AriaRole.Row).Filter(new() { Has = page.Box($"Select {name}") });

        /// <summary>Opens an address and waits until the page answers to a person.</summary>
        public async Task OpenAsync(string path)
        {
            await page.GotoAsync(path);
            await page.InteractiveAsync();
        }

        /// <summary>Waits until the page's circuit is there.</summary>
        public Task InteractiveAsync() => page.Locator("[data-interactive]").WaitForAsync();

        public async Task EnterAccountAsync(string email, string password)
        {
            await page.Field("Email").FillAsync(email);
            await page.Field("Password").FillAsync(password);
        }

        /// <summary>Fills in the log-in page, step by step.</summary>
        public async Task LogInAsync(string email, string password)
        {
            await page.Field("Email").FillAsync(email);
            await page.Button("Continue").ClickAsync();
            await page.Field("Password").FillAsync(password);
            await page.Button("Log in").ClickAsync();
        }

        /// <summary>From the list into the wizard, up to the optional settings.</summary>
        public async Task NameKeyAsync(string name)
        {
            await page.Link("Create API Key").First.ClickAsync();
            await page.Field("Name").FillAsync(name);
            await page.Button("Continue").ClickAsync();
            await page.AtStepAsync("Configure optional settings");
        }

        /// <summary>Waits for a step of the wizard, whose heading takes the focus.</summary>
        public Task AtStepAsync(string title) => Expect(page.Heading(title)).ToBeFocusedAsync();

        /// <summary>No violation of WCAG 2.2 AA or of what is good practice beyond it.</summary>
        public Task AxeAsync() => page.AxeAsync(_everyRule);

        /// <summary>The page as it stands, light and dark: nothing sticks out, axe finds nothing.</summary>
        public async Task LookInLightAndDarkAsync(string state)
        {
            await page.FitsAsync();
            foreach (var (scheme, name, rules) in new[] { (ColorScheme.Light, "light", _everyRule), (ColorScheme.Dark, "dark", _rulesOfColour) })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", name);
                await page.LookAsync($"{state}-{name}-{page.ViewportSize!.Width}");
                await page.AxeAsync(rules);
            }
        }

        /// <summary>The same, narrow and wide.</summary>
        public async Task LookEverywhereAsync(string state)
        {
            foreach (var width in new[] { 320, 1440 })
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.LookInLightAndDarkAsync(state);
            }
        }

        private async Task AxeAsync(object rules)
        {
            await page.SettleAsync();
            // Not by its package for Playwright: that finishes every run in a page of its own, which takes most of a second.
            if (await page.EvaluateAsync<bool>("typeof axe === 'undefined'"))
            {
                await page.EvaluateAsync(_axe);
            }

            var violations = await page.EvaluateAsync<string[]>(
                """
                async rules => (await axe.run(rules)).violations.map(violation => `${violation.id}: ${violation.help}\n` +
                    violation.nodes.map(node => `    ${node.html}\n${node.failureSummary}`).join('\n'))
                """,
                rules);
            Assert.True(violations is [], $"{page.Url}\n{string.Join('\n', violations)}");
        }

        /// <summary>What is still fading has not its own colours yet, and what makes way for another width not its place.</summary>
        private async Task SettleAsync() =>
            await page.EvaluateAsync("Promise.allSettled(document.getAnimations().filter(a => a instanceof CSSTransition).map(a => a.finished)).then(() => null)");

        /// <summary>Nothing sticks out to the right: of the window, or of a dialog.</summary>
        public async Task FitsAsync()
        {
            await page.SettleAsync();
            var wide = await page.EvaluateAsync<string[]>("""
                () => [document.scrollingElement, ...document.querySelectorAll('dialog[open], [role=dialog]')]
                    .map(part => [part, part.scrollWidth, part === document.scrollingElement ? innerWidth : part.clientWidth])
                    .filter(([, content, room]) => content > room)
                    .map(([part, content, room]) => {
                        const edge = part.getBoundingClientRect().left + part.clientLeft + room;
                        const out = [...part.querySelectorAll('*')].filter(inner => inner.getBoundingClientRect().right > edge + 0.5);
                        return `${part.localName} has ${content} px in ${room}, for example by ${out.slice(0, 12).map(inner => `${inner.localName}.${inner.getAttribute('class')}`).join(' > ')}`;
                    })
                """);
            Assert.True(wide is [], $"{page.Url}: {string.Join("; ", wide)}");
        }

        /// <summary>Makes a picture for people to look at, if they asked for it.</summary>
        public async Task LookAsync(string name)
        {
            if (_pictures is not null)
            {
                // What is fixed to the window would stand in the middle of the picture.
                await page.EvaluateAsync("scrollTo(0, 0)");
                await page.SettleAsync();
                await page.ScreenshotAsync(new() { Path = Path.Combine(_pictures, $"{name}.png"), FullPage = true });
            }
        }
    }
}
