using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Usage.RollUp;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>A roll-up such as many requests leave behind: few keys and models have most of them, all have some.</summary>
public sealed class MonthOfUse
{
    private const int Days = 29;
    private const int QuartersADay = 96;
    private const int Models = 20;

    private readonly List<KeyDetails> _keys = [];
    private readonly Random _random = new(1);

    public required NexLlmApp App { get; init; }

    /// <summary>The account with most requests.</summary>
    public Actor Owner { get; private set; } = default!;

    /// <summary>Its key with most requests.</summary>
    public long KeyId => _keys[0].Id;

    /// <summary>Writes what so many requests add up to, up to now. The charges themselves are left out: statistics never read them.</summary>
    public async Task FillAsync(int requests, int accounts, int keys, CancellationToken cancellation)
    {
        for (var account = 0; account < accounts; account++)
        {
            var actor = await App.CreateActorAsync(tokenLimit: null);
            Owner ??= actor;
            for (var key = 0; key < keys / accounts; key++)
            {
                _keys.Add((await App.CreateKeyAsync(actor, $"key-{key}")).Key);
            }
        }

        var whole = new DateTimeOffset(App.Clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(1 - Days);
        for (var day = 0; day < Days; day++)
        {
            await FillDayAsync(whole.AddDays(day), requests / Days / QuartersADay, cancellation);
        }
    }

    private async Task FillDayAsync(DateTimeOffset day, int requestsAQuarter, CancellationToken cancellation)
    {
        await using var db = await App.Contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        using var store = db.OpenRollUp();
        var rollUp = new UsageRollUp();
        for (var quarter = 0; quarter < QuartersADay; quarter++)
        {
            var at = day.AddMinutes(15 * quarter).ToUnixTimeMilliseconds();
            for (var i = 0; i < requestsAQuarter; i++)
            {
                var key = _keys[Skewed(_keys.Count)];
                rollUp.Add(new ChargeRow(
                    0, "", key.Id, key.OwnerId, key.Policy.GroupId, $"model-{Skewed(Models)}", 1, 0, 1_000_000, 0, 900, 100, 1_000, false, 0, at, at));
            }

            rollUp.WriteTo(store);
            rollUp.Clear();
        }

        await transaction.CommitAsync(cancellation);
    }

    private int Skewed(int count) => (int)(count * Math.Pow(_random.NextDouble(), 1.6));
}
