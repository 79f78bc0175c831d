using System;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Columns.Rows;

namespace Polder.Benchmarks.Jobs;

/// <summary>What somebody would write by hand for these very types: one loop over flat buffers each way.</summary>
internal static class RowLoop
{
    public static RecordBatch Write(Order[] orders)
    {
        int rowCount = orders.Length;
        int lineCount = CountLines(orders);
        Span<long> ids = New<long>(rowCount, out ArrowBuffer idsBuffer);
        Span<long> times = New<long>(rowCount, out ArrowBuffer timesBuffer);
        Span<double> discounts = New<double>(rowCount, out ArrowBuffer discountsBuffer);
        byte[] discountBits = new byte[(rowCount + 7) / 8];
        Span<int> lineOffsets = New<int>(rowCount + 1, out ArrowBuffer lineOffsetsBuffer);
        TextColumn customers = new(rowCount);
        Span<int> counts = New<int>(lineCount, out ArrowBuffer countsBuffer);
        Span<double> prices = New<double>(lineCount, out ArrowBuffer pricesBuffer);
        TextColumn skus = new(lineCount);
        TextColumn notes = new(lineCount);
        byte[] noteBits = new byte[(lineCount + 7) / 8];
        int discountNulls = 0;
        int noteNulls = 0;
        int line = 0;
        lineOffsets[0] = 0;
        for (int row = 0; row < orders.Length; row++)
        {
            Order order = orders[row];
            ids[row] = order.Id;
            times[row] = (order.At.Ticks - DateTime.UnixEpoch.Ticks) / 10;
            customers.Append(order.Customer);
            discounts[row] = order.Discount.GetValueOrDefault();
            discountNulls += Mark(discountBits, row, order.Discount.HasValue);

            foreach (Line item in order.Lines)
            {
                skus.Append(item.Sku);
                counts[line] = item.Count;
                prices[line] = item.Price;
                notes.Append(item.Note ?? "");
                noteNulls += Mark(noteBits, line, item.Note is not null);

                line++;
            }

            lineOffsets[row + 1] = line;
        }

        Schema schema = RowBatches.SchemaOf<Order>();
        ListType listType = (ListType)schema.GetFieldByName("Lines").DataType;
        ArrayData lines = Lines(
            listType, line, countsBuffer, pricesBuffer, skus.Build(0, []), notes.Build(noteNulls, noteBits));
        return new RecordBatch(schema,
        [
            new Int64Array(new ArrayData(Int64Type.Default, rowCount, 0, 0, [ArrowBuffer.Empty, idsBuffer])),
            new TimestampArray(new ArrayData(
                schema.GetFieldByName("At").DataType, rowCount, 0, 0, [ArrowBuffer.Empty, timesBuffer])),
            new StringArray(customers.Build(0, [])),
            new DoubleArray(new ArrayData(
                DoubleType.Default, rowCount, discountNulls, 0,
                [new ArrowBuffer(discountBits), discountsBuffer])),
            new ListArray(new ArrayData(
                listType, rowCount, 0, 0, [ArrowBuffer.Empty, lineOffsetsBuffer], [lines])),
        ], rowCount);
    }

    private static int Mark(byte[] bits, int row, bool isThere)
    {
        bits[row >> 3] |= (byte)((isThere ? 1 : 0) << (row & 7));
        return isThere ? 0 : 1;
    }

    private static int CountLines(Order[] orders)
    {
        int lineCount = 0;
        foreach (Order order in orders)
        {
            lineCount += order.Lines.Length;
        }

        return lineCount;
    }

    private static ArrayData Lines(
        ListType type, int count, ArrowBuffer counts, ArrowBuffer prices, ArrayData skus, ArrayData notes) => new(
            type.ValueDataType, count, 0, 0, [ArrowBuffer.Empty],
            [
                skus,
                new ArrayData(Int32Type.Default, count, 0, 0, [ArrowBuffer.Empty, counts]),
                new ArrayData(DoubleType.Default, count, 0, 0, [ArrowBuffer.Empty, prices]),
                notes,
            ]);

    public static Order[] Read(RecordBatch batch)
    {
        ReadOnlySpan<long> ids = ((Int64Array)batch.Column(0)).Values;
        ReadOnlySpan<long> times = ((TimestampArray)batch.Column(1)).Values;
        StringArray customers = (StringArray)batch.Column(2);
        ReadOnlySpan<int> customerOffsets = customers.ValueOffsets;
        ReadOnlySpan<byte> customerBytes = customers.Values;
        DoubleArray discountArray = (DoubleArray)batch.Column(3);
        ReadOnlySpan<double> discounts = discountArray.Values;
        ReadOnlySpan<byte> discountBits = discountArray.NullBitmapBuffer.Span;
        ListArray lists = (ListArray)batch.Column(4);
        ReadOnlySpan<int> lineOffsets = lists.ValueOffsets;
        StructArray lines = (StructArray)lists.Values;
        StringArray skus = (StringArray)lines.Fields[0];
        ReadOnlySpan<int> skuOffsets = skus.ValueOffsets;
        ReadOnlySpan<byte> skuBytes = skus.Values;
        ReadOnlySpan<int> counts = ((Int32Array)lines.Fields[1]).Values;
        ReadOnlySpan<double> prices = ((DoubleArray)lines.Fields[2]).Values;
        StringArray notes = (StringArray)lines.Fields[3];
        ReadOnlySpan<int> noteOffsets = notes.ValueOffsets;
        ReadOnlySpan<byte> noteBytes = notes.Values;
        ReadOnlySpan<byte> noteBits = notes.NullBitmapBuffer.Span;
        Order[] orders = new Order[batch.Length];
        for (int row = 0; row < orders.Length; row++)
        {
            int lineCount = lineOffsets[row + 1] - lineOffsets[row];
            Line[] items = lineCount == 0 ? [] : new Line[lineCount];
            for (int index = 0; index < items.Length; index++)
            {
                int line = lineOffsets[row] + index;
                items[index] = new Line(
                    Encoding.UTF8.GetString(skuBytes[skuOffsets[line]..skuOffsets[line + 1]]),
                    counts[line],
                    prices[line],
                    (noteBits[line >> 3] & (1 << (line & 7))) == 0
                        ? null : Encoding.UTF8.GetString(noteBytes[noteOffsets[line]..noteOffsets[line + 1]]));
            }

            orders[row] = new Order(
                ids[row],
                DateTime.UnixEpoch.AddTicks(times[row] * 10),
                Encoding.UTF8.GetString(customerBytes[customerOffsets[row]..customerOffsets[row + 1]]),
                (discountBits[row >> 3] & (1 << (row & 7))) == 0 ? null : discounts[row],
                items);
        }

        return orders;
    }

    /// <summary>What a batch holds.</summary>
    public static Weight Weigh(RecordBatch batch)
    {
        StructArray lines = (StructArray)((ListArray)batch.Column(4)).Values;
        return new Weight(
            batch.Length,
            lines.Length,
            ((StringArray)batch.Column(2)).Values.Length + ((StringArray)lines.Fields[0]).Values.Length +
                ((StringArray)lines.Fields[3]).Values.Length);
    }

    /// <summary>What orders hold; their text is ASCII.</summary>
    public static Weight Weigh(Order[] orders)
    {
        long lineCount = 0;
        long textBytes = 0;
        foreach (Order order in orders)
        {
            lineCount += order.Lines.Length;
            textBytes += order.Customer.Length;
            foreach (Line line in order.Lines)
            {
                textBytes += line.Sku.Length + (line.Note?.Length ?? 0);
            }
        }

        return new Weight(orders.Length, lineCount, textBytes);
    }

    private static Span<T> New<T>(int count, out ArrowBuffer buffer)
        where T : unmanaged
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(count * Marshal.SizeOf<T>());
        buffer = new ArrowBuffer(bytes);
        return MemoryMarshal.Cast<byte, T>(bytes.AsSpan());
    }

    private sealed class TextColumn
    {
        private readonly byte[] _offsets;
        private byte[] _bytes;
        private int _count;
        private int _length;

        public TextColumn(int count)
        {
            _offsets = GC.AllocateUninitializedArray<byte>(sizeof(int) * (count + 1));
            MemoryMarshal.Cast<byte, int>(_offsets.AsSpan())[0] = 0;
            _bytes = GC.AllocateUninitializedArray<byte>(int.Max(16, 16 * count));
        }

        public void Append(string text)
        {
            if (_bytes.Length - _length < 3 * text.Length)
            {
                System.Array.Resize(ref _bytes, (2 * _bytes.Length) + (3 * text.Length));
            }

            _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
            MemoryMarshal.Cast<byte, int>(_offsets.AsSpan())[++_count] = _length;
        }

        public ArrayData Build(int nullCount, byte[] bits) => new(
            StringType.Default, _count, nullCount, 0,
            [new ArrowBuffer(bits), new ArrowBuffer(_offsets), new ArrowBuffer(_bytes.AsMemory(0, _length))]);
    }
}
