using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Hosting;

/// <summary>Explains to the operator why the application can't start.</summary>
public static class StartFailure
{
    private const string ChooseAddress = "Set the address with ASPNETCORE_URLS, --urls or Kestrel:Endpoints.";

    /// <summary>Returns null for an unexpected failure, which should be shown with its stack trace.</summary>
    public static string? InWords(Exception failure) => failure switch
    {
        StartRefusedException => failure.Message,
        OptionsValidationException wrong => Settings(wrong.Failures),
        AggregateException several when several.InnerExceptions.All(e => e is OptionsValidationException) =>
            Settings(several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(e => e.Failures)),
        InvalidDataException { InnerException: FormatException json } =>
            Settings([$"{failure.Message.TrimEnd('.')}: {(json.InnerException ?? json).Message}"]),
        IOException { InnerException: AddressInUseException } => $"{failure.Message} {ChooseAddress}",
        SocketException or FormatException or InvalidOperationException when IsAboutAddress(failure) => $"{failure.Message} {ChooseAddress}",
        _ => null,
    };

    private static bool IsAboutAddress(Exception failure) =>
        failure.Source is "System.Net.Sockets" or "Microsoft.AspNetCore.Http" or "Microsoft.AspNetCore.Server.Kestrel.Core";

    private static string Settings(IEnumerable<string> errors) =>
        string.Join(Environment.NewLine, ["NexLLM Dashboard can't start. Fix these settings:", .. errors.Select(e => $"  - {e}")]);
}
