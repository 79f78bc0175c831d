using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Polder.Server.Hosting;

namespace Polder.Server.Site;

/// <summary>Where the pages of a folder join the application.</summary>
internal static class SiteEndpoints
{
    /// <summary>Adds what the pages share.</summary>
    public static void AddServices(IServiceCollection services, ServeOptions options)
    {
    }

    /// <summary>Maps the pages and what they need.</summary>
    public static void Map(WebApplication application, ServeOptions options) =>
        application.MapFallback(context => ErrorPage.WriteAsync(
            context, StatusCodes.Status404NotFound, $"There is no page {context.Request.Path} in {options.Folder}."));
}
