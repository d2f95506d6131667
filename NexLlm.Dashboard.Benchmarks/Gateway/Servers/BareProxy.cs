using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Servers;

/// <summary>What everything is compared with: YARP's forwarder, which hands on whatever comes and checks nothing.</summary>
internal static class BareProxy
{
    public static Task ServeAsync(string upstream)
    {
        // As YARP's documentation sets it up.
        var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            EnableMultipleHttp2Connections = true,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(15),
        });
        return ChildServer.RunAsync(
            builder => builder.Services.AddHttpForwarder(),
            app =>
            {
                var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
                app.Run(async context => _ = await forwarder.SendAsync(context, upstream, client));
            });
    }
}
