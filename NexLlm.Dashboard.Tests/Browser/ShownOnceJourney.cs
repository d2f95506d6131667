using System.Collections.Concurrent;
using System.Text;
using Microsoft.Playwright;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace NexLlm.Dashboard.Tests.Browser;

/// <summary>The secret of a key is on the screen once; after that nothing can show it again.</summary>
public sealed class ShownOnceJourney(Chromium chromium, NexLlmApp app) : Journey(chromium, app), IClassFixture<NexLlmApp>
{
    private static readonly BrowserNewContextOptions _withClipboard = new() { Permissions = ["clipboard-read", "clipboard-write"] };

    /// <summary>Everything that the page and its tab still hold, in one text.</summary>
    private const string WhatIsLeft = """
        () => JSON.stringify([
          document.documentElement.outerHTML, [...document.querySelectorAll('input, textarea')].map(field => field.value),
          { ...localStorage }, { ...sessionStorage }, history.state, location.href, document.cookie, getSelection().toString(),
          performance.getEntries(),
        ])
        """;

    [BrowserFact]
    public async Task After_Done_the_secret_is_nowhere()
    {
        var ada = await SignUpAsync("after-done", _withClipboard);
        await GrantAsync(ada, 1_000_000);
        var page = ada.Page;
        var traffic = new ConcurrentQueue<byte[]>();
        page.WebSocket += (_, socket) =>
        {
            socket.FrameReceived += (_, frame) => traffic.Enqueue(frame.Binary ?? Encoding.UTF8.GetBytes(frame.Text ?? ""));
            socket.FrameSent += (_, frame) => traffic.Enqueue(frame.Binary ?? Encoding.UTF8.GetBytes(frame.Text ?? ""));
        };
        await page.OpenAsync("keys");
        var secret = await SaveAsync(page, "production-app");
        Assert.Contains(secret, await page.EvaluateAsync<string>(WhatIsLeft), StringComparison.Ordinal);
        Assert.Contains(traffic, frame => Contains(frame, secret));

        traffic.Clear();
        var bodies = new ConcurrentQueue<Task<byte[]>>();
        ada.Context.RequestFinished += (_, request) => bodies.Enqueue(BodyAsync(request));
        ada.Context.Request += (_, request) => traffic.Enqueue(Encoding.UTF8.GetBytes($"{request.Url} {request.PostData}"));
        await page.Button("Send a test request").ClickAsync();
        await Expect(page.GetByText("Hello", new() { Exact = true })).ToBeVisibleAsync();
        await page.Button("Copy").ClickAsync();
        await Expect(page.Button("Copied")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasTextRegex = new("^Copied$") })).ToBeVisibleAsync();
        await Expect(page.Button("Copy")).ToBeVisibleAsync();
        await page.Button("Done").ClickAsync();
        await Expect(page.KeyRow("production-app")).ToBeVisibleAsync();
        await NowhereAsync(page, secret);

        await page.GoBackAsync();
        await NowhereAsync(page, secret);
        await page.GoForwardAsync();
        await page.ReloadAsync();
        await page.InteractiveAsync();
        await NowhereAsync(page, secret);
        foreach (var path in new[] { "keys/new", "keys/deleted", "account" })
        {
            await page.GotoAsync(path);
            await NowhereAsync(page, secret);
        }

        await page.OpenAsync("keys");
        await page.Link("Edit production-app").ClickAsync();
        await Expect(page.Field("Name")).ToHaveValueAsync("production-app");
        await NowhereAsync(page, secret);
        Assert.NotEmpty(traffic);
        Assert.DoesNotContain(traffic.Concat(await Task.WhenAll(bodies)), sent => Contains(sent, secret));
        Assert.DoesNotContain(secret, App.Logs.Text, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Reloading_step_7_offers_a_replacement_and_not_the_secret()
    {
        var ada = await SignUpAsync("reload");
        var page = ada.Page;
        var secret = await SaveAsync(page, "production-app");
        var asked = new TaskCompletionSource<string>();
        page.Dialog += async (_, dialog) =>
        {
            asked.TrySetResult(dialog.Type);
            await dialog.AcceptAsync();
        };
        await page.ReloadAsync();
        Assert.Equal("beforeunload", await asked.Task);
        await Expect(page.Heading("Key already created")).ToBeVisibleAsync();
        await NowhereAsync(page, secret);
        await page.LookAsync("wizard-7-reloaded");

        await page.Button("Delete and replace").ClickAsync();
        await Expect(page.Field("Name")).ToHaveValueAsync("production-app");
        await Expect(page.GetByText("Settings copied from production-app, which is deleted.")).ToBeVisibleAsync();
        Assert.Empty((await App.Keys.ListAsync(await ActorAsync(ada), new KeyQuery(), TestContext.Current.CancellationToken)).Keys);
    }

    [BrowserFact]
    public async Task Leaving_step_7_before_the_key_is_stored_asks()
    {
        var ada = await SignUpAsync("leaving");
        var page = ada.Page;
        var secret = await SaveAsync(page, "production-app");
        await page.Link("API Keys").First.ClickAsync();
        await Expect(page.Modal).ToContainTextAsync("Leave without storing the key?");
        await Expect(page.Button("Cancel")).ToBeFocusedAsync();
        await page.LookAsync("wizard-7-leave");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Modal).ToBeHiddenAsync();
        await Expect(page.Heading("Copy and store your key")).ToBeVisibleAsync();

        await page.GoBackAsync();
        await page.Button("Cancel").ClickAsync();
        await Expect(page.Heading("Copy and store your key")).ToBeVisibleAsync();

        await page.Link("API Keys").First.ClickAsync();
        await page.Button("Leave").ClickAsync();
        await Expect(page.KeyRow("production-app")).ToBeVisibleAsync();
        await NowhereAsync(page, secret);
    }

    [BrowserFact]
    public async Task A_double_click_on_Save_changes_makes_one_key()
    {
        var ada = await SignUpAsync("double-click");
        await ada.Page.NameKeyAsync("once");
        await ada.Page.Button("Continue").ClickAsync();
        await ada.Page.AtStepAsync("Save the key");
        await ada.Page.Button("Save changes").EvaluateAsync("button => { for (let i = 0; i < 5; i++) button.click(); }");
        await ada.Page.AtStepAsync("Copy and store your key");
        await Expect(ada.Page.Button("Copy")).ToBeVisibleAsync();
        Assert.Single((await App.Keys.ListAsync(await ActorAsync(ada), new KeyQuery(), TestContext.Current.CancellationToken)).Keys);
    }

    /// <summary>Makes a key and answers with its secret, shown at step 7.</summary>
    private static async Task<string> SaveAsync(IPage page, string name)
    {
        await page.NameKeyAsync(name);
        await page.Button("Continue").ClickAsync();
        await page.Button("Save changes").ClickAsync();
        await page.AtStepAsync("Copy and store your key");
        await page.Button("Show").ClickAsync();
        var secret = await page.GetByText(new System.Text.RegularExpressions.Regex("^sk-nexllm-[0-9A-Za-z]{49}$")).InnerTextAsync();
        Assert.True(KeySecret.TryParse(secret, out _));
        return secret;
    }

    private static async Task NowhereAsync(IPage page, string secret)
    {
        var left = await page.EvaluateAsync<string>(WhatIsLeft);
        Assert.DoesNotContain(secret, left, StringComparison.Ordinal);
        // The display form has the ends of it; no more than those may be left.
        Assert.DoesNotContain(secret[14..^5], left, StringComparison.Ordinal);
    }

    private static bool Contains(byte[] frame, string secret) =>
        frame.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0
        || frame.AsSpan().IndexOf(Encoding.Unicode.GetBytes(secret)) >= 0
        || frame.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))[..^4])) >= 0;

    private static async Task<byte[]> BodyAsync(IRequest finished)
    {
        try
        {
            return await finished.ResponseAsync() is { } answer ? await answer.BodyAsync().WaitAsync(TimeSpan.FromSeconds(10)) : [];
        }
        catch (PlaywrightException)
        {
            // A redirect has no body, and of a page that was left the browser keeps none.
            return [];
        }
    }
}
