using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using NexLlm.Dashboard.Benchmarks.Gateway.Servers;

namespace NexLlm.Dashboard.Benchmarks.Attacks;

/// <summary>
/// What an attack leaves to anybody on this machine, whose processors the attackers use too: nothing but Kestrel, which rejects
/// large bodies unread and answers everything else immediately. Only a log-in costs what it has to, the hash of a password.
/// </summary>
internal static class BareTarget
{
    private const int Large = 64 * 1_024;

    // As the program hashes.
    private const int Iterations = 210_000;

    public static Task ServeAsync() => ChildServer.RunAsync(_ => { }, app => app.Run(AnswerAsync));

    private static Task AnswerAsync(HttpContext http)
    {
        if (http.Request.ContentLength > Large)
        {
            // Or the server resets the connection instead of dropping the body.
            http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
            http.Response.Headers.Connection = "close";
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        }
        else if (http.Request.Path == People.LogInPath && HttpMethods.IsPost(http.Request.Method))
        {
            Rfc2898DeriveBytes.Pbkdf2(Gateway.Servers.Dashboard.AdminPassword, new byte[16], Iterations, HashAlgorithmName.SHA512, 32);
            http.Response.Redirect("/");
        }

        return Task.CompletedTask;
    }
}
