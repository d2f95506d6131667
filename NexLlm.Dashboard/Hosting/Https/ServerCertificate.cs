using System.Diagnostics;
using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Hosting.Https;

/// <summary>
/// Serves the certificate from the configured files on every https address, and a renewed one from the next connection on. Kestrel can also
/// read and watch PEM files, but reopens the endpoint on changes, which closes all connections.
/// </summary>
internal sealed partial class ServerCertificate(IOptions<HttpsOptions> options, TimeProvider clock, ILogger<ServerCertificate> log) : BackgroundService
{
    private readonly Lock _reading = new();
    private CertificateFiles? _served;
    private CertificateFiles? _failed;
    private bool _isReported;
    private SslStreamCertificateContext? _context;

    public void Configure(KestrelServerOptions kestrel) => kestrel.ConfigureHttpsDefaults(https =>
    {
        if (!options.Value.HasCertificate)
        {
            return;
        }

        // Called when an https address is bound. Kestrel requires a certificate at this
        // point, and asks for the current one at each connection.
        https.ServerCertificate = Current().TargetCertificate;
        https.OnAuthenticate = (_, connection) => connection.ServerCertificateContext = Current();
    });

    /// <summary>Checks the files once. An invalid pair leaves the previous certificate in use.</summary>
    internal void Check()
    {
        lock (_reading)
        {
            var files = CertificateFiles.Read(options.Value);
            if (files == _served)
            {
                _failed = null;
                return;
            }

            switch (files.Load())
            {
                case CertificateResult.Loaded loaded:
                    Serve(files, loaded);
                    LogRenewed(log, options.Value.Certificate, loaded.Certificate.NotAfter.ToUniversalTime());
                    break;
                case CertificateResult.Wrong wrong:
                    Report(files, wrong.Error);
                    break;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.HasCertificate)
        {
            return;
        }

        // Reading both files is cheaper than watching for every way in which a renewal can replace files and links.
        using var timer = new PeriodicTimer(options.Value.CheckInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (Volatile.Read(ref _context) is not null)
            {
                Check();
            }
        }
    }

    private SslStreamCertificateContext Current()
    {
        if (Volatile.Read(ref _context) is { } context)
        {
            return context;
        }

        lock (_reading)
        {
            if (_context is null)
            {
                var files = CertificateFiles.Read(options.Value);
                Serve(files, files.Load() switch
                {
                    CertificateResult.Loaded loaded => loaded,
                    CertificateResult.Wrong wrong => throw new StartRefusedException(wrong.Error),
                    _ => throw new UnreachableException(),
                });
            }

            return _context!;
        }
    }

    private void Serve(CertificateFiles files, CertificateResult.Loaded loaded)
    {
        (_served, _failed) = (files, null);
        Volatile.Write(ref _context, loaded.Context);
        var now = clock.GetUtcNow().UtcDateTime;
        if (loaded.Certificate.NotAfter.ToUniversalTime() <= now)
        {
            LogExpired(log, options.Value.Certificate, loaded.Certificate.NotAfter.ToUniversalTime());
        }
        else if (loaded.Certificate.NotBefore.ToUniversalTime() > now)
        {
            LogEarly(log, options.Value.Certificate, loaded.Certificate.NotBefore.ToUniversalTime());
        }
    }

    /// <summary>Logs an error once, and only if it persists: certificate and key are replaced one after the other.</summary>
    private void Report(CertificateFiles files, string error)
    {
        if (files != _failed)
        {
            (_failed, _isReported) = (files, false);
        }
        else if (!_isReported)
        {
            _isReported = true;
            LogKept(log, error);
        }
    }

    [LoggerMessage(LogLevel.Information, "The renewed certificate in {File} is in use. It is valid until {Until:u}.")]
    private static partial void LogRenewed(ILogger log, string file, DateTime until);

    [LoggerMessage(LogLevel.Error, "The renewed certificate can't be used, so the previous one stays in use. {Error}")]
    private static partial void LogKept(ILogger log, string error);

    [LoggerMessage(LogLevel.Warning, "The certificate in {File} expired on {Until:u}. Clients will reject it. Renew it.")]
    private static partial void LogExpired(ILogger log, string file, DateTime until);

    [LoggerMessage(LogLevel.Warning, "The certificate in {File} isn't valid before {From:u}. Clients will reject it until then. Check this machine's clock.")]
    private static partial void LogEarly(ILogger log, string file, DateTime from);
}
