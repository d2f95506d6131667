using System.Buffers.Binary;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.Passwords;

public sealed class PasswordHashingTests
{
    private static readonly HashingLane _anybody = new("anybody");

    [Fact]
    public async Task A_stored_password_is_PBKDF2_SHA512_with_at_least_210_000_rounds_and_a_salt_of_its_own()
    {
        await using var app = new NexLlmApp { PasswordsAreCostly = true };
        var passwords = app.Services.GetRequiredService<PasswordHashing>();

        var stored = await passwords.HashAsync("seven green umbrellas", _anybody, TestContext.Current.CancellationToken);
        var again = await passwords.HashAsync("seven green umbrellas", _anybody, TestContext.Current.CancellationToken);

        var bytes = Convert.FromBase64String(stored).AsSpan();
        Assert.Equal(1, bytes[0]);
        Assert.Equal(2u, BinaryPrimitives.ReadUInt32BigEndian(bytes[1..])); // KeyDerivationPrf.HMACSHA512
        Assert.True(BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]) >= 210_000);
        Assert.NotEqual(stored, again);
    }

    [Fact]
    public async Task A_password_is_the_same_whichever_way_its_accents_are_typed()
    {
        var passwords = new PasswordHashing(new PasswordHasher<Account>());
        var stored = await passwords.HashAsync("größe über alles café", _anybody, TestContext.Current.CancellationToken);

#pragma warning disable RS0030 // Short.
        var verified = await passwords.VerifyAsync(
            stored, "größe über alles café".Normalize(NormalizationForm.FormD), _anybody, TestContext.Current.CancellationToken);
#pragma warning restore RS0030

        Assert.Equal(PasswordVerificationResult.Success, verified);
    }

    [Fact]
    public async Task Nobody_s_password_is_never_right()
    {
        var passwords = new PasswordHashing(new PasswordHasher<Account>());

        Assert.Equal(PasswordVerificationResult.Failed, await passwords.VerifyAsync(null, "anything", _anybody, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Hashing_never_takes_more_than_half_of_the_cores()
    {
        var hasher = new CountingHasher();
        var passwords = new PasswordHashing(hasher);

        await Task.WhenAll(Enumerable.Range(0, PasswordHashing.MaxWaitingPerSlot).Select(_ => passwords.HashAsync("seven green umbrellas", _anybody, TestContext.Current.CancellationToken)));

        Assert.InRange(hasher.MostAtOnce, 1, Math.Max(1, Environment.ProcessorCount / 2));
    }

    [Fact]
    public async Task Hashing_takes_no_thread_of_those_that_answer_requests()
    {
        var hasher = new CountingHasher();
        await new PasswordHashing(hasher).HashAsync("seven green umbrellas", _anybody, TestContext.Current.CancellationToken);

        Assert.False(hasher.UsedPool);
    }

    private sealed class CountingHasher : IPasswordHasher<Account>
    {
        private readonly Lock _lock = new();
        private int _now;

        public int MostAtOnce { get; private set; }

        public bool UsedPool { get; private set; }

        public string HashPassword(Account user, string password)
        {
            UsedPool |= Thread.CurrentThread.IsThreadPoolThread;
            lock (_lock)
            {
                MostAtOnce = Math.Max(MostAtOnce, ++_now);
            }

            Thread.SpinWait(20_000);
            lock (_lock)
            {
                _now--;
            }

            return password;
        }

        public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword) => throw new NotSupportedException();
    }
}
