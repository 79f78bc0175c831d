using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Polder.Server.Hosting;

/// <summary>Lets an ASP.NET application listen on a socket that its parent owns.</summary>
public static class PolderSocketExtensions
{
    /// <summary>
    /// Listens on the sockets that the parent process passed (LISTEN_FDS: <c>polder dev --exec</c>, or a systemd
    /// <c>.socket</c> unit), and ends without losing a connection: on SIGTERM or SIGINT, or when the supervisor has
    /// gone, the application stops accepting, answers what it has accepted with <c>Connection: close</c>, and stops.
    /// Readiness is told to NOTIFY_SOCKET. Where no socket was passed, the addresses are those that the application
    /// configured; the rest holds too.
    /// </summary>
    /// <remarks>
    /// Code that wants to end long responses early (event streams) watches
    /// <see cref="IHostApplicationLifetime.ApplicationStopping"/>. An application that listens on a passed socket
    /// should start no child processes: they would keep the socket open.
    /// </remarks>
    /// <param name="web">The web host's builder, <c>builder.WebHost</c> of a <c>WebApplicationBuilder</c>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">
    /// A LISTEN variable is malformed, or what was passed is not a listening socket.
    /// </exception>
    public static IWebHostBuilder UsePolderSocket(this IWebHostBuilder web)
    {
        ArgumentNullException.ThrowIfNull(web);
        List<AdoptedSocket> adopted = [.. PassedSocket.OfThisProcess().Select(AdoptedSocket.Adopt)];
        if (adopted.Count > 0)
        {
            web.UseSetting(WebHostDefaults.ServerUrlsKey, "");
            web.UseSetting(WebHostDefaults.HttpPortsKey, "");
            web.UseSetting(WebHostDefaults.HttpsPortsKey, "");
        }

        return web.ConfigureServices(services =>
        {
            services.Configure<KestrelServerOptions>(kestrel => Listen(kestrel, adopted));
            services.Configure<SocketTransportOptions>(sockets =>
            {
                sockets.Backlog = SocketState.Backlog;
                sockets.CreateBoundListenSocket = endPoint => Take(adopted, endPoint);
            });
            services.AddSingleton<DrainGate>();
            services.AddSingleton<SupervisorLine>();
            services.AddSingleton<Drain>();

            // Kestrel asks the factories last to first, the host takes the last lifetime.
            services.AddSingleton<IConnectionListenerFactory>(provider => provider.GetRequiredService<DrainGate>());
            services.AddSingleton<IHostLifetime>(provider => provider.GetRequiredService<Drain>());
            services.AddSingleton<IStartupFilter>(provider => provider.GetRequiredService<Drain>());
        });
    }

    private static void Listen(KestrelServerOptions kestrel, List<AdoptedSocket> adopted)
    {
        foreach (AdoptedSocket socket in adopted)
        {
            if (socket.EndPoint is UnixDomainSocketEndPoint path)
            {
                kestrel.ListenUnixSocket(path.ToString());
            }
            else
            {
                kestrel.Listen((IPEndPoint)socket.EndPoint);
            }
        }
    }

    private static Socket Take(List<AdoptedSocket> adopted, EndPoint endPoint) =>
        adopted.FirstOrDefault(socket => socket.IsAt(endPoint))?.Socket ??
        SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
}
