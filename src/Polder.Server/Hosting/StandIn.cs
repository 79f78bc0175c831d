using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Polder.Server.Hosting;

/// <summary>
/// A worker that serves nothing but the reason why no other one runs: whoever looks at the page sees it there, and the
/// page asks again until there is one.
/// </summary>
internal static class StandIn
{
    private const string Refresh = "1";

    /// <summary>Makes the application.</summary>
    public static WebApplication Build(WebApplicationBuilder builder, ServeOptions options)
    {
        WebApplication application = builder.Build();
        RequestRules.Use(application, options);
        SupervisorLine supervisor = application.Services.GetRequiredService<SupervisorLine>();
        CancellationToken stopping = application.Lifetime.ApplicationStopping;
        application.Run(context => context.Request.Path == "/_polder/live"
            ? TellAsync(context, supervisor.Failure, stopping)
            : RefuseAsync(context, supervisor.Failure));
        return application;
    }

    private static Task RefuseAsync(HttpContext context, string? failure)
    {
        context.Response.Headers["Refresh"] = Refresh;
        context.Response.Headers.RetryAfter = Refresh;
        return ErrorPage.WriteAsync(
            context, StatusCodes.Status503ServiceUnavailable, failure ?? "The server is being started.");
    }

    // An event stream that is refused is never asked for again by the browser, one that ends is.
    private static async Task TellAsync(HttpContext context, string? failure, CancellationToken stopping)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        string news = SupervisorLine.Format(failure ?? "The server is being started.");
        await context.Response.WriteAsync($"retry: 500\nevent: error\ndata: {news}\n\n", context.RequestAborted)
            .ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        using CancellationTokenSource ended =
            CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        TaskCompletionSource wait = new();
        using (ended.Token.Register(wait.SetResult))
        {
            await wait.Task.ConfigureAwait(false);
        }
    }
}
