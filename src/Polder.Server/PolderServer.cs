using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polder.Server.Hosting;
using Polder.Server.Site;

namespace Polder.Server;

/// <summary>
/// A worker: one process that serves one folder, on a socket that it was given or binds by itself.
/// <see cref="Site.SiteEndpoints"/> adds the pages.
/// </summary>
internal static class PolderServer
{
    private const long LargestRequestBodyBytes = 64 << 10;
    private const int MostConnections = 1024;

    // Under a supervisor somebody waits for the restart; elsewhere a download may take its time.
    private static readonly TimeSpan LiveShutdown = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Shutdown = TimeSpan.FromSeconds(30);

    /// <summary>Serves until a signal or the token ends it.</summary>
    /// <param name="options">What and where.</param>
    /// <param name="announce">Called with its address when requests are answered, where it bound one itself.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder is not there.</exception>
    public static async Task ServeAsync(
        ServeOptions options, Action<string>? announce, CancellationToken cancellationToken)
    {
        WebApplication application = Build(options);
        await using (application.ConfigureAwait(false))
        {
            try
            {
                await application.StartAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (IOException error) when (error.InnerException is AddressInUseException)
            {
                throw PortTaken(options.Port, error);
            }

            if (!SupervisorLine.IsPresent && Address(application) is string address)
            {
                announce?.Invoke(address);
            }

            await application.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The application, not started yet.</summary>
    internal static WebApplication Build(ServeOptions options)
    {
        if (!Directory.Exists(options.Folder))
        {
            throw new DirectoryNotFoundException($"the folder '{options.Folder}' does not exist");
        }

        // Empty: neither the environment nor a settings file of the served folder changes what is listened to.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning)

            // That it does not start is thrown too, and told in one line.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Limit(kestrel, options));
        builder.WebHost.UsePolderSocket();
        WarmServer.Add(builder.Services);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Live ? LiveShutdown : Shutdown);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<WorkerStatus>();
        if (options.StandsIn)
        {
            return StandIn.Build(builder, options);
        }

        SiteEndpoints.AddServices(builder.Services, options);
        WebApplication application = builder.Build();
        RequestRules.Use(application, options);
        application.UseRouting();
        application.MapGet("/_polder/status", (HttpContext context) =>
            context.RequestServices.GetRequiredService<WorkerStatus>().WriteAsync(context.Response));
        SiteEndpoints.Map(application, options);
        return application;
    }

    internal static IOException PortTaken(int port, Exception cause) => new(
        $"port {port} is taken by another program; end that one, or choose another port with --port " +
        "(0 takes any free one)",
        cause);

    private static void Limit(KestrelServerOptions kestrel, ServeOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LargestRequestBodyBytes;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        if (PassedSocket.OfThisProcess().Count == 0)
        {
            kestrel.Listen(new IPEndPoint(IPAddress.Loopback, options.Port));
        }
    }

    private static string? Address(WebApplication application) =>
        application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses
            .FirstOrDefault()?.TrimEnd('/');
}
