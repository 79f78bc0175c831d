using System;
using System.Reflection;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace Polder.Server;

/// <summary>Which worker answers: <c>GET /_polder/status</c>.</summary>
internal sealed class WorkerStatus
{
    public WorkerStatus(ServeOptions options)
    {
        Instance = options.Engine.NextId().ToString("N");
    }

    /// <summary>An id of this process: another one after each restart.</summary>
    public string Instance { get; }

    /// <summary>The version of Polder.</summary>
    public static string Version { get; } =
        typeof(WorkerStatus).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Writes <c>{"instance","workerPid","version"}</c>.</summary>
    public async Task WriteAsync(HttpResponse response)
    {
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        Utf8JsonWriter json = new(response.BodyWriter);
        await using (json.ConfigureAwait(false))
        {
            json.WriteStartObject();
            json.WriteString("instance", Instance);
            json.WriteNumber("workerPid", Environment.ProcessId);
            json.WriteString("version", Version);
            json.WriteEndObject();
        }
    }
}
