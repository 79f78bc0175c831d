using System.Text.Json.Serialization;

namespace Polder.Server.Hosting;

/// <summary>What a supervisor tells a worker.</summary>
/// <param name="Error">Why the newest code does not run; null when it does.</param>
internal sealed record SupervisorNews([property: JsonPropertyName("error")] string? Error);

[JsonSerializable(typeof(SupervisorNews))]
internal sealed partial class SupervisorNewsContext : JsonSerializerContext;
