// A web server of your own behind `polder dev`: start it from the repository with
//   ./polder dev samples/OwnServer --exec "dotnet run"
// edit this file while a browser or a load generator is at it, and no request is refused or lost.
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Polder.Server.Hosting;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.WebHost.UsePolderSocket();
WebApplication app = builder.Build();

app.MapGet("/", () => $"{Environment.ProcessId}");
app.MapPost("/echo", (HttpRequest request) => Results.Stream(request.Body));
app.MapGet("/slow", async (int milliseconds, CancellationToken gone) =>
{
    await Task.Delay(milliseconds, gone);
    return $"{milliseconds} ms later";
});
app.MapGet("/lines", async (int count, HttpResponse response, CancellationToken gone) =>
{
    for (int line = 0; line < count; line++)
    {
        await response.WriteAsync($"line {line}\n", Encoding.ASCII, gone);
    }
});

// A stream that never ends by itself must end when the application stops, or the application waits for it.
app.MapGet("/clock", (CancellationToken gone) => TypedResults.ServerSentEvents(Ticks(app.Lifetime, gone)));

app.Run();

static async IAsyncEnumerable<string> Ticks(
    IHostApplicationLifetime lifetime, [EnumeratorCancellation] CancellationToken gone)
{
    CancellationToken stopping = lifetime.ApplicationStopping;
    while (!stopping.IsCancellationRequested && !gone.IsCancellationRequested)
    {
        yield return DateTime.UtcNow.ToString("O");
        await Task.Delay(TimeSpan.FromSeconds(1), stopping).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
