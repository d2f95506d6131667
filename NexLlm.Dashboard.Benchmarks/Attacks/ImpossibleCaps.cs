using System.Text;

namespace NexLlm.Dashboard.Benchmarks.Attacks;

/// <summary>A3: 32 times 30 MB of words at once, again and again, of which not even the prompt fits into the key's quota.</summary>
internal sealed class ImpossibleCaps : IAttack
{
    private const int Requests = 32;
    private const int Bytes = 30_000_000;

    private static readonly TimeSpan _time = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    public string Name => "impossible-caps";

    public string Description => "32 x 30 MB of words with an impossible cap";

    public IReadOnlyList<KeyValuePair<string, string?>> Settings { get; } = [];

    public async Task<string> RunAsync(Target target, CancellationToken cancellation)
    {
        var body = Body();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = Requests })
        {
            BaseAddress = new Uri(target.Server.Address),
            Timeout = _patience,
        };
        http.DefaultRequestHeaders.Authorization = new("Bearer", target.Poor.Reveal());
        return await Attackers.RunAsync(Requests, _time, async over =>
        {
            try
            {
                using var content = new ByteArrayContent(body);
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
