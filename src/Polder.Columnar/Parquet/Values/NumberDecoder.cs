using System;
using Polder.Bytes;
using Polder.Parquet.Encodings;

namespace Polder.Parquet.Values;

/// <summary>Numbers that the file stores as <typeparamref name="TWire"/>, converted to the column's.</summary>
internal sealed class NumberDecoder<TWire, TOut, TConversion> : FixedValueDecoder<TOut>
    where TWire : unmanaged
    where TOut : unmanaged
    where TConversion : struct, IConversion<TWire, TOut>
{
    private const int ChunkValues = 1024;

    private TWire[] _chunk = [];
    private int _position;
    private int _start;
    private int _taken;
    private DeltaBinaryPackedDecoder _deltas;

    /// <inheritdoc />
    protected override int LeastWireBytes => Width;

    private static int Width => ByteCast.SizeOf<TWire>();

    /// <inheritdoc />
    protected override void BeginEncoded(int start, int mostValues)
    {
        _position = start;
        _start = start;
        _taken = 0;
        switch (Encoding)
        {
            case ParquetEncoding.Plain:
                break;
            case ParquetEncoding.ByteStreamSplit when Width is 4 or 8:
                break;
            case ParquetEncoding.DeltaBinaryPacked when typeof(TWire) == typeof(int) || typeof(TWire) == typeof(long):
                _deltas = start < PageEnd
                    ? new DeltaBinaryPackedDecoder(Page.Span, start, PageEnd, mostValues)
                    : default;
                break;
            default:
                throw PageEncodings.Unsupported(Encoding, typeof(TWire).Name);
        }
    }

    /// <inheritdoc />
    protected override void DecodeValues(Span<TOut> values)
    {
        if (Encoding == ParquetEncoding.Plain)
        {
            long bytes = (long)values.Length * Width;
            if (bytes > PageEnd - _position)
            {
                throw EndsEarly();
            }

            TConversion.Convert(ByteCast.As<TWire>(Page.Span.Slice(_position, (int)bytes)), values);
            _position += (int)bytes;
            return;
        }

        if (typeof(TWire) == typeof(TOut) && TConversion.IsIdentity)
        {
            DecodeWire(ByteCast.As<TWire>(ByteCast.ToBytes(values)));
            return;
        }

        if (_chunk.Length == 0)
        {
            _chunk = new TWire[ChunkValues];
        }

        while (!values.IsEmpty)
        {
            int count = int.Min(values.Length, ChunkValues);
            DecodeWire(_chunk.AsSpan(0, count));
            TConversion.Convert(_chunk.AsSpan(0, count), values[..count]);
            values = values[count..];
        }
    }

    /// <inheritdoc />
    protected override void SkipValues(int count)
    {
        if (Encoding == ParquetEncoding.Plain)
        {
            _position += (long)count * Width <= PageEnd - _position ? count * Width : throw EndsEarly();
            return;
        }

        if (Encoding == ParquetEncoding.ByteStreamSplit)
        {
            _taken += count <= ((PageEnd - _start) / Width) - _taken ? count : throw EndsEarly();
            return;
        }

        // A delta stands on all before it.
        if (_chunk.Length == 0)
        {
            _chunk = new TWire[ChunkValues];
        }

        for (; count > 0; count -= ChunkValues)
        {
            DecodeWire(_chunk.AsSpan(0, int.Min(count, ChunkValues)));
        }
    }

    /// <inheritdoc />
    protected override void DecodeDictionary(ReadOnlySpan<byte> page, int end, Span<TOut> entries) =>
        TConversion.Convert(ByteCast.As<TWire>(page[..(entries.Length * Width)]), entries);

    private void DecodeWire(Span<TWire> values)
    {
        if (Encoding == ParquetEncoding.ByteStreamSplit)
        {
            int streamLength = (PageEnd - _start) / Width;
            if (values.Length > streamLength - _taken)
            {
                throw EndsEarly();
            }

            StreamSplit.Join(Page.Span[_start..PageEnd], streamLength, _taken, Width, ByteCast.ToBytes(values));
            _taken += values.Length;
        }
        else if (typeof(TWire) == typeof(int))
        {
            _deltas.Decode(Page.Span, ByteCast.As<int>(ByteCast.ToBytes(values)));
        }
        else
        {
            _deltas.Decode(Page.Span, ByteCast.As<long>(ByteCast.ToBytes(values)));
        }
    }

    private static CorruptFileException EndsEarly() => new("the page ends before its last value");
}
