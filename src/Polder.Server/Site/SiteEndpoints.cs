using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Polder.Server.Hosting;
using Polder.Server.Live;

namespace Polder.Server.Site;

/// <summary>Where the pages of a folder join the application.</summary>
internal static class SiteEndpoints
{
    private const long LargestCheckedBytes = 4 << 20;
    private const string Forever = "public, max-age=31536000, immutable";

    /// <summary>Adds what the pages share.</summary>
    public static void AddServices(IServiceCollection services, ServeOptions options)
    {
        services.AddSingleton<LiveSite>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveSite>());
    }

    /// <summary>Maps the pages and what they need.</summary>
    public static void Map(WebApplication application, ServeOptions options)
    {
        LiveSite site = application.Services.GetRequiredService<LiveSite>();
        string instance = application.Services.GetRequiredService<WorkerStatus>().Instance;
        if (options.Live)
        {
            SupervisorLine supervisor = application.Services.GetRequiredService<SupervisorLine>();
            CancellationToken stopping =
                application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            application.MapGet("/_polder/live", (HttpContext context) => site.Hub.StreamAsync(
                context,
                json =>
                {
                    json.WriteString("instance", instance);
                    json.WriteString("assets", site.State.Assets.Script);
                },
                supervisor.Failure is string failure ? json => WriteFailure(json, failure) : null,
                stopping));
            supervisor.Changed += failure => site.Hub.Send(
                failure is null ? "ok" : "error", json => WriteFailure(json, failure));
            application.MapGet("/_polder/patch", (HttpContext context) => PatchAsync(context, site));
        }

        application.MapGet("/feed.xml", (HttpContext context) =>
            FeedAsync(context, site, "application/atom+xml; charset=utf-8", Feeds.Feed));
        application.MapGet("/sitemap.xml", (HttpContext context) =>
            FeedAsync(context, site, "application/xml; charset=utf-8", Feeds.Map));
        application.MapGet("/assets/{**name}", (HttpContext context) => AssetAsync(context, site));
        application.MapFallback("{**path}", (HttpContext context) => PageAsync(context, site, options));
    }

    // Why the newest code does not run, while the one before it serves.
    private static void WriteFailure(Utf8JsonWriter json, string? failure)
    {
        if (failure is not null)
        {
            json.WriteString("place", "The changed code does not start");
            json.WriteString("message", "What was there before goes on serving. It wrote:");
            json.WriteString("source", failure);
        }
    }

    private static async Task PageAsync(HttpContext context, LiveSite site, ServeOptions options)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return;
        }

        string route = Route(context.Request.Path.Value ?? "/");
        PageOutcome outcome = await site.GetAsync(route, context.Request.QueryString.Value ?? "").ConfigureAwait(false);
        Func<string, string> address = site.State.Assets.AddressOf;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        if (outcome.Page is not null)
        {
            context.Response.StatusCode = outcome.Page.Status;
            await WriteAsync(context, outcome.Page.Document(address)).ConfigureAwait(false);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        string text = options.Live && outcome.Problem is { } problem
            ? $"{problem.Place}: {problem.Message}\n\n{problem.Source}"
            : "This page cannot be shown; the server's log says why.";
        string script = options.Live
            ? $"<script type=\"module\" src=\"{address("polder.js")}\" data-version=\"0\"></script>" : "";
        await WriteAsync(context, Encoding.UTF8.GetBytes(
            $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1"><title>This page is broken</title>
            <link rel="stylesheet" href="{address("polder.css")}" data-asset="polder.css">
            {script}</head>
            <body class="broken"><main><h1>This page is broken</h1>
            <pre>{WebUtility.HtmlEncode(text)}</pre></main></body></html>
            """)).ConfigureAwait(false);
    }

    private static async Task PatchAsync(HttpContext context, LiveSite site)
    {
        IQueryCollection query = context.Request.Query;
        string route = Route(query["path"].ToString());
        _ = ulong.TryParse(query["from"], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong from);
        (PageOutcome now, RenderedPage? shown) = await site.GetAsync(route, query["query"].ToString(), from)
            .ConfigureAwait(false);
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await WriteAsync(context, Patch.Format(now, shown, from, site.State.Assets.AddressOf)).ConfigureAwait(false);
    }

    private static async Task FeedAsync(
        HttpContext context, LiveSite site, string contentType, Func<SiteIndex, string, byte[]> write)
    {
        SiteIndex index = site.State.Index;
        string root = index.Settings.Url.Length > 0 ? index.Settings.Url
            : $"{context.Request.Scheme}://{context.Request.Host}";
        context.Response.ContentType = contentType;
        context.Response.Headers.CacheControl = "no-cache";
        await WriteAsync(context, write(index, root)).ConfigureAwait(false);
    }

    // An address with the hash of what is there now may be kept for ever; any other is asked for each time.
    private static async Task AssetAsync(HttpContext context, LiveSite site)
    {
        string path = context.Request.Path.Value ?? "";
        Assets assets = site.State.Assets;
        Asset? asset = assets.At(path);
        string? promised = asset?.Hash;
        asset ??= assets.Named(path["/assets/".Length..]) ?? assets.Named(WithoutHash(path["/assets/".Length..]));
        if (asset is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = asset.ContentType;
        context.Response.Headers.CacheControl = promised is null ? "no-cache" : Forever;
        try
        {
            string file = site.FullPath("assets/" + asset.Name);
            if (asset.Bytes is null && asset.SizeBytes > LargestCheckedBytes)
            {
                await context.Response.SendFileAsync(file, context.RequestAborted).ConfigureAwait(false);
                return;
            }

            // A file saved a moment ago is not what its address promises for ever.
            byte[] bytes = asset.Bytes ??
                await File.ReadAllBytesAsync(file, context.RequestAborted).ConfigureAwait(false);
            context.Response.Headers.CacheControl = promised == Asset.HashOf(bytes) ? Forever : "no-cache";
            await WriteAsync(context, bytes).ConfigureAwait(false);
        }
        catch (FileNotFoundException)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private static string WithoutHash(string name)
    {
        string extension = Path.GetExtension(name);
        string stem = name[..^extension.Length];
        int dot = stem.LastIndexOf('.');
        return dot > 0 && stem.Length - dot == 17 ? stem[..dot] + extension : name;
    }

    // /a/ and /a are one page.
    private static string Route(string path) => path.Length > 1 ? "/" + path.Trim('/') : "/";

    private static async Task WriteAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
