using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace NexLlm.Dashboard.Hosting;

/// <summary>Section <c>Proxies</c>: the proxies trusted to report a client's address and scheme. None by default.</summary>
public sealed record ProxyOptions
{
    public const string Section = "Proxies";

    /// <summary>The addresses (<c>192.0.2.1</c>) and networks (<c>10.0.0.0/8</c>) of reverse proxies.</summary>
    public string[] Known { get; init; } = [];

    internal IEnumerable<IPNetwork> Networks => Known.Select(Network).OfType<IPNetwork>();

    /// <summary>Accepts only the canonical notation of an address or a network: no octal numbers, no host bits. Returns null otherwise.</summary>
    internal static IPNetwork? Network(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
        {
            return network.ToString() == text ? network : null;
        }

        return IPAddress.TryParse(text, out var address) && address.ToString() == text
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : null;
    }
}

internal sealed class ProxyValidator(IConfiguration configuration) : IValidateOptions<ProxyOptions>
{
    // ASP.NET Core reads this setting, usually from ASPNETCORE_FORWARDEDHEADERS_ENABLED.
    private const string TrustAnybody = "ForwardedHeaders_Enabled";

    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        var errors = new List<string>();
        if ("true".Equals(configuration[TrustAnybody], StringComparison.OrdinalIgnoreCase))
        {
            errors.Add("ASPNETCORE_FORWARDEDHEADERS_ENABLED lets any client forge its IP address. Remove it and list your proxies as Proxies:Known:0 and so on.");
        }

        for (var i = 0; i < options.Known.Length; i++)
        {
            var setting = $"{ProxyOptions.Section}:{nameof(ProxyOptions.Known)}:{i}";
            if (ProxyOptions.Network(options.Known[i]) is not { } network)
            {
                errors.Add($"{setting} is “{options.Known[i]}”. Enter an IP address such as 192.0.2.1 or a network such as 10.0.0.0/8.");
            }
            else if (network.PrefixLength == 0)
            {
                errors.Add($"{setting} is {network}, which trusts every client. Enter the proxy's own address or network.");
            }
        }

        return errors is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}

internal static class Proxies
{
    public static void Trust(ForwardedHeadersOptions options, ProxyOptions proxies)
    {
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in proxies.Networks)
        {
            options.KnownIPNetworks.Add(network);
        }

        // The middleware treats empty lists as trusting everyone.
        options.ForwardedHeaders = options.KnownIPNetworks.Count == 0
            ? ForwardedHeaders.None
            : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        // Follows the chain through all known proxies to the first unknown address.
        options.ForwardLimit = null;
    }
}
