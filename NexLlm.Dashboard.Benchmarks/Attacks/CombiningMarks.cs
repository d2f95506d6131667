using NexLlm.Dashboard.Tests.Accounts;

namespace NexLlm.Dashboard.Benchmarks.Attacks;

/// <summary>A1: 32 log-ins at once, again and again, with an email or a password of 160,000 combining marks that are slow to put in order.</summary>
internal sealed class CombiningMarks : IAttack
{
    private const int Attempts = 32;
    private const int Marks = 160_000;

    private static readonly TimeSpan _time = TimeSpan.FromSeconds(10);

    private LogInForm[] _forms = [];

    public string Name => "combining-marks";

    public string Description => "A1: 32 log-ins at once with 160,000 combining marks as email or password (1 MB)";

    public IReadOnlyList<KeyValuePair<string, string?>> Settings { get; } = [];

    public async Task PrepareAsync(Target target)
    {
        // Normalizing sorts marks by their class, one step at a time: the second half has to pass the first.
        var marks = new string('\u0315', Marks / 2) + new string('\u0300', Marks / 2);
        var server = new Uri(target.Server.Address);
        using var visitor = new AccountVisitor(server, Loopback.Attacker(0));
        _forms = [await visitor.FillInAsync(server, marks, "wrong"), await visitor.FillInAsync(server, "nobody@example.com", marks)];
    }

    public async Task<string> RunAsync(Target target, CancellationToken cancellation)
    {
        var clients = Enumerable.Range(0, Attempts).Select(number => new HttpClient(Loopback.HandlerFrom(Loopback.Attacker(number)))
        {
            BaseAddress = new Uri(target.Server.Address),
            Timeout = Timeout.InfiniteTimeSpan,
        }).ToArray();
        var outcomes = await Attackers.RunAsync(Attempts, _time, async (number, over) =>
        {
            try
            {
                using var request = _forms[number % _forms.Length].ToRequest();
                using var answer = await clients[number].SendAsync(request, over);
                return $"{(int)answer.StatusCode}";
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                return e is HttpRequestException ? "closed" : "no answer";
            }
        }, cancellation);
        Array.ForEach(clients, client => client.Dispose());
        return outcomes;
    }
}
