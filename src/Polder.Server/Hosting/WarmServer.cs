using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Polder.Server.Hosting;

/// <summary>
/// A server that answers one request to itself before it accepts any: the first request of a process compiles what it
/// runs through, and with an old worker still serving nobody has to wait for that.
/// </summary>
internal sealed class WarmServer : IServer
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly IServer _inner;

    private WarmServer(IServer inner)
    {
        _inner = inner;
    }

    public IFeatureCollection Features => _inner.Features;

    /// <summary>Puts it before the server that is registered.</summary>
    public static void Add(IServiceCollection services)
    {
        Type server = services.Last(service => service.ServiceType == typeof(IServer)).ImplementationType!;
        services.AddSingleton<IServer>(provider =>
            new WarmServer((IServer)ActivatorUtilities.CreateInstance(provider, server)));
    }

    public async Task StartAsync<TContext>(
        IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        try
        {
            await AskAsync(application).WaitAsync(Longest, TimeProvider.System, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // What fails now is told to whoever asks for it later.
        }

        await _inner.StartAsync(application, cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _inner.StopAsync(cancellationToken);

    public void Dispose() => _inner.Dispose();

    private static async Task AskAsync<TContext>(IHttpApplication<TContext> application)
        where TContext : notnull
    {
        DefaultHttpContext request = new();
        request.Request.Method = HttpMethods.Get;
        request.Request.Protocol = HttpProtocol.Http11;
        request.Request.Scheme = "http";
        request.Request.Host = new HostString("localhost");
        request.Request.Path = "/";
        TContext context = application.CreateContext(request.Features);
        Exception? failure = null;
        try
        {
            await application.ProcessRequestAsync(context).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            failure = error;
            throw;
        }
        finally
        {
            application.DisposeContext(context, failure);
        }
    }
}
