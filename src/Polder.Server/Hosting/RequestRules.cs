using System;
using System.Net;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Polder.Server.Hosting;

/// <summary>
/// What every request must keep before a page sees it. A page of a stranger, open in the same browser, can send
/// requests here and can make its own name mean this address; so the host must be this machine's, and the origin ours.
/// </summary>
internal static class RequestRules
{
    private const string Policy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; " +
        "frame-ancestors 'none'";

    /// <summary>Puts the rules first in the application.</summary>
    public static void Use(WebApplication application, ServeOptions options)
    {
        ILogger log = application.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Polder.Server");
        application.Use((context, next) => RunAsync(context, next, options, log));
    }

    /// <summary>Whether a Host header means this machine.</summary>
    internal static bool IsOwnHost(HostString host)
    {
        string name = host.Host;
        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        return IPAddress.TryParse(name.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address);
    }

    private static async Task RunAsync(HttpContext context, RequestDelegate next, ServeOptions options, ILogger log)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (Refusal(context.Request) is (int status, string refusal))
        {
            await ErrorPage.WriteAsync(context, status, refusal).ConfigureAwait(false);
            return;
        }

        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone.
        }
        catch (BadHttpRequestException error) when (!context.Response.HasStarted)
        {
            await ErrorPage.WriteAsync(context, error.StatusCode, error.Message).ConfigureAwait(false);
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            log.LogError(error, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            string why = options.Live ? error.ToString() : "Something went wrong; the server's log says what.";
            await ErrorPage.WriteAsync(context, StatusCodes.Status500InternalServerError, why).ConfigureAwait(false);
        }
    }

    private static (int Status, string Why)? Refusal(HttpRequest request)
    {
        if (request.HttpContext.Connection.LocalIpAddress is { } local && !IPAddress.IsLoopback(local))
        {
            return (StatusCodes.Status403Forbidden,
                $"This server was given a socket at {local}; it answers on this machine's own addresses only.");
        }

        if (!IsOwnHost(request.Host))
        {
            return (StatusCodes.Status421MisdirectedRequest,
                $"This server answers for this machine only, not for the host '{request.Host}'. " +
                "Open it as http://127.0.0.1 or http://localhost.");
        }

        string? origin = request.Headers.Origin;
        if (!string.IsNullOrEmpty(origin) &&
            !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) &&
                from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)))
        {
            return (StatusCodes.Status403Forbidden, $"Requests from pages of '{origin}' are not answered.");
        }

        // Without an Origin header come images, scripts and the like that a stranger's page embeds.
        if (request.Headers["Sec-Fetch-Site"] == "cross-site" && request.Headers["Sec-Fetch-Mode"] != "navigate")
        {
            return (StatusCodes.Status403Forbidden, "Other sites may link here, but not embed what is here.");
        }

        return null;
    }
}
