using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Tasks;
using Polder.Delta;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>What an observer hears of a scan.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Scan_is_an_activity_and_its_files_and_bytes_are_counted()
    {
        using TemporaryFolder folder = new();
        DeltaTable table = await DeltaTable.CreateAsync(folder.Path, LogFiles.Schema);
        for (int load = 0; load < 3; load++)
        {
            await table.AppendAsync(TestRows.Numbered(10 * load, 3));
        }

        Dictionary<string, long> counts = [];
        List<object?> versions = [];
        using MeterListener meters = new();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Polder")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((instrument, count, tags, _) =>
        {
            // Other tests scan other tables at the same time.
            if (tags[0].Value as string == table.Location)
            {
                lock (counts)
                {
                    counts[instrument.Name] = counts.GetValueOrDefault(instrument.Name) + count;
                }
            }
        });
        meters.Start();
        using ActivityListener activities = new()
        {
            ShouldListenTo = source => source.Name == "Polder",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("polder.table") as string == table.Location)
                {
                    versions.Add(activity.GetTagItem("polder.version"));
                }
            },
        };
        ActivitySource.AddActivityListener(activities);

        Assert.Single(await RowLines.ReadAsync(table.Scan().Where($"id = {11}")));

        Assert.Equal(3, counts["polder.scan.files.listed"]);
        Assert.Equal(2, counts["polder.scan.files.pruned"]);
        Assert.True(counts["polder.parquet.bytes.read"] > 100);
        Assert.Equal([3L], versions);
    }
}
