using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns.Rows;

namespace Polder.Benchmarks.Jobs;

/// <summary>
/// A million nested rows of an own type to columns and back. The rows are 65,536 ones over and over, in batches of
/// 8,192, so that the heap is small and the garbage collector's share the same on every side.
/// </summary>
internal static class RowJobs
{
    private const int BatchRows = 8192;
    private const string HandLoop = "hand-written loop";
    private const string Json = "System.Text.Json";

    private static readonly Lazy<Order[][]> Orders = new(() => MakeOrders(batchCount: 8));

    private static readonly Lazy<RecordBatch[]> Batches = new(
        () => [.. Orders.Value.Select(orders => orders.ToBatch())]);

    private static readonly Lazy<byte[][]> Texts = new(() => [.. Orders.Value.Select(
        orders => JsonSerializer.SerializeToUtf8Bytes(orders, RowJson.Default.OrderArray))]);

    /// <summary>Objects to columns; the checksum is the rows, the lines and the bytes of text.</summary>
    public static Job Write { get; } = new(
        "rows-write",
        "A million orders with their lines, objects to columns, one thread (System.Text.Json: to bytes)",
        Measure.Cpu,
        [
            new Side("Polder", inputs =>
            {
                RowBatchBuilder<Order> builder = new(BatchRows);
                return Each(inputs, Orders.Value, orders =>
                {
                    builder.Append(orders);
                    return RowLoop.Weigh(builder.Build());
                });
            }),
            new Side(HandLoop, inputs => Each(inputs, Orders.Value, orders => RowLoop.Weigh(RowLoop.Write(orders)))),
            new Side(Json, inputs => Each(inputs, Orders.Value, orders =>
            {
                GC.KeepAlive(JsonSerializer.SerializeToUtf8Bytes(orders, RowJson.Default.OrderArray));
                return RowLoop.Weigh(orders);
            })),
        ],
        new Target(HandLoop, 1.3));

    /// <summary>Columns to objects; the checksum is the same.</summary>
    public static Job Read { get; } = new(
        "rows-read",
        "A million orders with their lines, columns to objects, one thread (System.Text.Json: from bytes)",
        Measure.Cpu,
        [
            new Side("Polder", inputs => Each(inputs, Batches.Value, batch => RowLoop.Weigh(batch.ToRows<Order>()))),
            new Side(HandLoop, inputs => Each(inputs, Batches.Value, batch => RowLoop.Weigh(RowLoop.Read(batch)))),
            new Side(Json, inputs => Each(inputs, Texts.Value, text =>
                RowLoop.Weigh(JsonSerializer.Deserialize(text, RowJson.Default.OrderArray)!))),
        ],
        new Target(HandLoop, 1.3));

    private static Task<string> Each<T>(Inputs inputs, T[] parts, Func<T, Weight> map)
    {
        int batchCount = (inputs.IsDry ? 2 : 128) * parts.Length / 8;
        Weight total = default;
        for (int index = 0; index < batchCount; index++)
        {
            total += map(parts[index % parts.Length]);
        }

        return Task.FromResult(total.ToString());
    }

    private static Order[][] MakeOrders(int batchCount)
    {
        Random random = new(1);
        long id = 0;
        return
        [
            .. Enumerable.Range(0, batchCount).Select(_ => Enumerable.Range(0, BatchRows).Select(_ => new Order(
                ++id,
                new DateTime(2024, 1, 1).AddSeconds(random.Next(86400 * 365)),
                "customer " + random.Next(100_000).ToString(CultureInfo.InvariantCulture),
                random.Next(3) == 0 ? null : random.NextDouble(),
                [
                    .. Enumerable.Range(0, random.Next(6)).Select(_ => new Line(
                        "sku-" + random.Next(10_000).ToString(CultureInfo.InvariantCulture),
                        random.Next(100),
                        random.NextDouble() * 1000,
                        random.Next(4) == 0 ? "gift" : null)),
                ])).ToArray()),
        ];
    }
}

/// <summary>What a side has made of rows: all sides must agree.</summary>
internal readonly record struct Weight(long Rows, long Lines, long TextBytes)
{
    public static Weight operator +(Weight left, Weight right) =>
        new(left.Rows + right.Rows, left.Lines + right.Lines, left.TextBytes + right.TextBytes);
}
