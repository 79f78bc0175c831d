using System.Net;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Polder.Server.Hosting;

/// <summary>What is answered where there is no page.</summary>
internal static class ErrorPage
{
    /// <summary>Answers with a status and a sentence about it.</summary>
    public static Task WriteAsync(HttpContext context, int status, string why)
    {
        string title = $"{status} {ReasonPhrases.GetReasonPhrase(status)}";
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark"><title>{title}</title>
            <h1>{title}</h1>
            <pre>{WebUtility.HtmlEncode(why)}</pre>
            </html>
            """,
            context.RequestAborted);
    }
}
