using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Hosting;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts;

/// <summary>Entries that are made to cost us time, in every form: nobody spends our CPU before a limit.</summary>
[Collection(Undisturbed.Name)]
public sealed class CostlyEntriesTests
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    // The order of these marks has to be swapped for each pair, which is what makes normalization quadratic.
    private static string Marks(int count) => new string('\u0315', count / 2) + new string('\u0300', count / 2);

    [Theory]
    [InlineData("/account/login", "log-in", "Entry.Email", "Entry.Password")]
    [InlineData("/account/login", "log-in", "Entry.Password", "Entry.Email")]
    [InlineData("/account/register", "sign-up", "Entry.Email", "Entry.Password")]
    [InlineData("/account/register", "sign-up", "Entry.Password", "Entry.Email")]
    public async Task A_form_of_1_KB_to_4_MB_of_combining_marks_is_answered_at_once(string path, string form, string costly, string other)
    {
        await using var app = new NexLlmApp();
        using var visitor = new AccountVisitor(app);
        var page = await visitor.PrepareAsync(path, form, (other, "ada@example.com"));

        foreach (var bytes in (int[])[1_000, 20_000, 4_000_000])
        {
            page.Values[costly] = Marks(bytes / 6);
            var since = Stopwatch.GetTimestamp();
            using var answer = await visitor.PostAsync(page.Action, page.Values);

            Assert.Equal(
                bytes < FormLimits.MaxBodyBytes ? HttpStatusCode.BadRequest : HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
            Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public async Task Services_that_take_text_answer_a_megabyte_of_marks_in_less_than_a_second()
    {
        await using var app = new NexLlmApp();
        var costly = Marks(500_000);
        var stranger = Actor.Visitor(IPAddress.Loopback);
        var person = await app.CreateActorAsync();
        var since = Stopwatch.GetTimestamp();

        var logins = app.Services.GetRequiredService<LogInService>();
        Assert.IsType<LogInOutcome.Refused>(await logins.LogInAsync(stranger, new LogInRequest(costly, "x"), _cancellation));
        Assert.IsType<LogInOutcome.Refused>(await logins.LogInAsync(stranger, new LogInRequest("ada@example.com", costly), _cancellation));
        var accounts = app.Services.GetRequiredService<AccountService>();
        Assert.IsType<PasswordOutcome.Invalid>(await accounts.ChangePasswordAsync(person, costly, "seven blue umbrellas", _cancellation));
        Assert.IsType<PasswordOutcome.Invalid>(await accounts.ChangePasswordAsync(person, "x", costly, _cancellation));
        Assert.NotNull(PasswordRules.Check(costly, costly));
        Assert.False(KeyName.TryParse(costly, out _, out _));
        Assert.Equal(500_000, KeyName.Normalize(costly).Length);
        _ = app.Services.GetRequiredService<KnownBrowsers>().Recognise("x", costly);
        _ = FailedTries.ByEmail(costly);

        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_body_without_a_length_is_cut_off_too()
    {
        await using var app = new NexLlmApp();
        using var http = new HttpClient { BaseAddress = app.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/account/login") { Content = new Endless() };
        request.Headers.TransferEncodingChunked = true;

        var status = await StatusAsync(http, request);

        Assert.InRange(status, 400, 499);
        Assert.InRange(Endless.Sent, 1, 30_000_000);
    }

    [Fact]
    public async Task One_address_that_keeps_the_hashing_busy_delays_another_by_one_turn()
    {
        var hasher = new SteppedHasher();
        await using var app = new NexLlmApp { ConfigureServices = services => services.AddSingleton(new PasswordHashing(hasher)) };
        var logins = app.Services.GetRequiredService<LogInService>();
        var hostile = Enumerable.Range(0, 15).Select(i => TryAsync(1, $"hostile {i}")).ToList();
        await hasher.BusyAsync();
        var honest = TryAsync(2, "honest");
        await SteppedHasher.QueuedAsync(app.Services.GetRequiredService<PasswordHashing>(), 16 - hasher.Slots);

        hasher.Release();
        await Task.WhenAll([.. hostile, honest]);

        Assert.InRange(hasher.Order.IndexOf("honest"), 0, hasher.Slots + 1);

        Task<LogInOutcome> TryAsync(byte address, string password) => logins.LogInAsync(
            Actor.Visitor(new IPAddress([203, 0, 113, address])), new LogInRequest($"{address}@example.com", password), _cancellation);
    }

    [Fact]
    public async Task What_waits_to_be_hashed_is_given_up_when_the_program_stops_or_the_client_leaves()
    {
        var hasher = new SteppedHasher();
        using var stopping = new CancellationTokenSource();
        using var leaving = new CancellationTokenSource();
        var passwords = new PasswordHashing(hasher, stopping.Token);
        var lane = new HashingLane("one");
        var running = Enumerable.Range(0, hasher.Slots).Select(i => passwords.HashAsync($"running {i}", lane, _cancellation)).ToList();
        await hasher.BusyAsync();
        var left = passwords.HashAsync("left", lane, leaving.Token);
        var waiting = passwords.HashAsync("waiting", lane, _cancellation);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        hasher.Release();
        await Task.WhenAll(running);

        Assert.Equal(hasher.Slots, hasher.Order.Count);
    }

    [Fact]
    public async Task Beyond_a_reasonable_queue_a_form_is_503_with_an_honest_wait()
    {
        var hasher = new SteppedHasher();
        await using var app = new NexLlmApp { ConfigureServices = services => services.AddSingleton(new PasswordHashing(hasher)) };
        var passwords = app.Services.GetRequiredService<PasswordHashing>();
        using var leaving = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, hasher.Slots * (1 + PasswordHashing.MaxWaitingPerSlot))
            .Select(i => passwords.HashAsync("x", new HashingLane($"{i}"), leaving.Token)).ToList();
        await hasher.BusyAsync();
        using var visitor = new AccountVisitor(app);

        using var answer = await visitor.LogInAsync("ada@example.com");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60));
        await leaving.CancelAsync();
        hasher.Release();
        await Task.WhenAll(waiting).ContinueWith(_ => { }, _cancellation, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private static async Task<int> StatusAsync(HttpClient http, HttpRequestMessage request)
    {
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _cancellation);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            // Cut off while it was still sending.
            return 413;
        }
    }

    private sealed class Endless : HttpContent
    {
        public static int Sent { get; private set; }

        public Endless() => Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var bytes = Encoding.ASCII.GetBytes("Entry.Email=" + new string('x', 10_000));
            for (Sent = 0; Sent < 40_000_000; Sent += bytes.Length)
            {
                await stream.WriteAsync(bytes, _cancellation);
                await stream.FlushAsync(_cancellation);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>Works only when told, and remembers in which order.</summary>
    private sealed class SteppedHasher : IPasswordHasher<Account>
    {
        private readonly ManualResetEventSlim _released = new();
        private readonly SemaphoreSlim _busy = new(0);

        public int Slots { get; } = Math.Max(1, Environment.ProcessorCount / 2);

        public List<string> Order { get; } = [];

        public async Task BusyAsync()
        {
            for (var i = 0; i < Slots; i++)
            {
                await _busy.WaitAsync(_cancellation);
            }
        }

        public static async Task QueuedAsync(PasswordHashing passwords, int count)
        {
            while (passwords.Waiting < count)
            {
                await Task.Yield();
            }
        }

        public void Release() => _released.Set();

        public string HashPassword(Account user, string password)
        {
            Work(password);
            return password;
        }

        public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            Work(providedPassword);
            return PasswordVerificationResult.Failed;
        }

        private void Work(string password)
        {
            // The hash of nobody is made on the way, once.
            if (Guid.TryParse(password, out _))
            {
                return;
            }

            _busy.Release();
            _released.Wait(_cancellation);
            lock (Order)
            {
                Order.Add(password);
            }
        }
    }
}
