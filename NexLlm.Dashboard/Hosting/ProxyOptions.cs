using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace NexLlm.Dashboard.Hosting;

/// <summary>Section <c>Proxies</c>: whose word on a client's address and scheme is taken. By default nobody's.</summary>
public sealed record ProxyOptions
{
    public const string Section = "Proxies";

    /// <summary>Addresses (<c>192.0.2.1</c>) and networks (<c>10.0.0.0/8</c>) of reverse proxies.</summary>
    public string[] Known { get; init; } = [];

    internal IEnumerable<IPNetwork> Networks => Known.Select(Network).OfType<IPNetwork>();

    /// <summary>Null unless the text is the one way to write an address or a network: no octal, no host bits.</summary>
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
    // ASP.NET Core reads this name, usually as ASPNETCORE_FORWARDEDHEADERS_ENABLED.
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

        // To the middleware, empty lists mean that anybody is trusted.
        options.ForwardedHeaders = options.KnownIPNetworks.Count == 0
            ? ForwardedHeaders.None
            : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        // Through every known proxy, back to the first address that is none.
        options.ForwardLimit = null;
    }
}
