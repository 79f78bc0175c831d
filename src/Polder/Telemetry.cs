using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;

namespace Polder;

/// <summary>
/// What an observer may listen to (OpenTelemetry: <c>AddSource("Polder")</c>, <c>AddMeter("Polder")</c>):
/// an activity per scan, counters of files and bytes. Costs next to nothing while nobody listens.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Source and meter live as long as their engine.")]
internal sealed class Telemetry
{
    /// <summary>The name of the source and of the meter.</summary>
    public const string Name = "Polder";

    private const string TableTag = "polder.table";

    private readonly ActivitySource _activities = new(Name);
    private readonly Counter<long> _filesListed;
    private readonly Counter<long> _filesPruned;
    private readonly Counter<long> _bytesRead;

    public Telemetry()
    {
        Meter meter = new(Name);
        _filesListed = meter.CreateCounter<long>("polder.scan.files.listed", "{file}", "Files that scans chose from.");
        _filesPruned = meter.CreateCounter<long>("polder.scan.files.pruned", "{file}", "Files that scans left out.");
        _bytesRead = meter.CreateCounter<long>("polder.parquet.bytes.read", "By", "Bytes asked of Parquet files.");
    }

    /// <summary>A scan begins; null while nobody listens. Whoever gets it disposes it.</summary>
    public Activity? StartScan(string table, long version)
    {
        Activity? activity = _activities.StartActivity("polder.scan");
        activity?.SetTag(TableTag, table);
        activity?.SetTag("polder.version", version);
        return activity;
    }

    /// <summary>A scan has chosen its files.</summary>
    public void CountFiles(string table, int listed, int pruned)
    {
        _filesListed.Add(listed, new KeyValuePair<string, object?>(TableTag, table));
        _filesPruned.Add(pruned, new KeyValuePair<string, object?>(TableTag, table));
    }

    /// <summary>Bytes were asked of a file below a root.</summary>
    public void CountBytes(string table, long count)
    {
        if (_bytesRead.Enabled)
        {
            _bytesRead.Add(count, new KeyValuePair<string, object?>(TableTag, table));
        }
    }
}
