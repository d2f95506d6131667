using System.Text;

namespace NexLlm.Dashboard.Benchmarks.Attacks;

/// <summary>A3: 32 times 30 MB of words at once, again and again, of which not even the prompt fits into the key's quota.</summary>
internal sealed class ImpossibleCaps : IAttack
{
    private const int Requests = 32;
    private const int Bytes = 30_000_000;

    private static readonly TimeSpan _time = TimeSpan.FromSeconds(10);

    private byte[] _body = [];

    public string Name => "impossible-caps";

    public string Description => "A3: 32 x 30 MB of words with an impossible cap";

    public bool NeedsOnlyKeys => true;

    public IReadOnlyList<KeyValuePair<string, string?>> Settings { get; } = [];

    public Task PrepareAsync(Target target)
    {
        _body = Body();
        return Task.CompletedTask;
    }

    public async Task<string> RunAsync(Target target, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = Requests })
        {
            BaseAddress = new Uri(target.Server.Address),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.Authorization = new("Bearer", target.Poor.Reveal());
        return await Attackers.RunAsync(Requests, _time, async (_, over) =>
        {
            try
            {
                using var content = new ByteArrayContent(_body);
                content.Headers.ContentType = new("application/json");
                using var answer = await http.PostAsync("/v1/chat/completions", content, over);
                return $"{(int)answer.StatusCode}";
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                return e is HttpRequestException ? "closed" : "no answer";
            }
        }, cancellation);
    }

    private static byte[] Body()
    {
        const string Words = "The quick brown fox jumps over the lazy dog while many other words go by. ";
        var body = new StringBuilder("""{"model":"nexllm-echo","max_tokens":100000000,"messages":[{"role":"user","content":" """, Bytes + 100);
        while (body.Length < Bytes)
        {
            body.Append(Words);
        }

        return Encoding.ASCII.GetBytes(body.Append("\"}]}").ToString());
    }
}
