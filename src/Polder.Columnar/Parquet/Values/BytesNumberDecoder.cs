using System;
using System.Buffers.Binary;
using Polder.Bytes;
using Polder.Columns.Values;
using Polder.Parquet.Encodings;

namespace Polder.Parquet.Values;

/// <summary>A byte array of the file to a value of one width.</summary>
internal interface IBytesConversion<TOut>
    where TOut : unmanaged
{
    /// <summary>Converts one value of any length.</summary>
    /// <exception cref="CorruptFileException">No such value has these bytes.</exception>
    static abstract TOut Convert(ReadOnlySpan<byte> bytes);

    /// <summary>Converts values of one length, back to back.</summary>
    static abstract void ConvertAll(ReadOnlySpan<byte> source, int width, Span<TOut> destination);
}

/// <summary>Numbers that the file stores as byte arrays: decimals and half-precision floats.</summary>
internal sealed class BytesNumberDecoder<TOut, TConversion> : FixedValueDecoder<TOut>
    where TOut : unmanaged
    where TConversion : struct, IBytesConversion<TOut>
{
    private const int ChunkValues = 1024;

    private readonly int _fixedLength;
    private readonly ByteArrayReader _reader;
    private readonly ByteArraySink _sink = new();
    private readonly int[] _ends = new int[ChunkValues];
    private int _position;

    /// <summary>Makes a decoder.</summary>
    /// <param name="fixedLength">Bytes of each value, or -1 where they differ.</param>
    public BytesNumberDecoder(int fixedLength)
    {
        _fixedLength = fixedLength;
        _reader = new ByteArrayReader(fixedLength);
    }

    /// <inheritdoc />
    protected override int LeastWireBytes => _fixedLength < 0 ? sizeof(int) : _fixedLength;

    private bool IsPlainFixed => _fixedLength >= 0 && Encoding == ParquetEncoding.Plain;

    /// <inheritdoc />
    protected override void BeginEncoded(int start, int mostValues)
    {
        _position = start;
        _reader.BeginPage(Encoding, Page.Span, start, PageEnd, mostValues);
    }

    /// <inheritdoc />
    protected override void DecodeValues(Span<TOut> values)
    {
        if (IsPlainFixed)
        {
            _position += ConvertFixed(Page.Span[_position..PageEnd], values);
            return;
        }

        Convert(_reader, Page.Span, values);
    }

    /// <inheritdoc />
    protected override void SkipValues(int count)
    {
        if (IsPlainFixed)
        {
            long bytes = (long)count * _fixedLength;
            _position += bytes <= PageEnd - _position ? (int)bytes : throw EndsEarly();
        }
        else
        {
            _reader.Skip(Page.Span, count);
        }
    }

    /// <inheritdoc />
    protected override void DecodeDictionary(ReadOnlySpan<byte> page, int end, Span<TOut> entries)
    {
        if (_fixedLength >= 0)
        {
            ConvertFixed(page[..end], entries);
            return;
        }

        ByteArrayReader reader = new(_fixedLength);
        reader.BeginPage(ParquetEncoding.Plain, page, 0, end, entries.Length);
        Convert(reader, page, entries);
    }

    private int ConvertFixed(ReadOnlySpan<byte> source, Span<TOut> values)
    {
        long bytes = (long)values.Length * _fixedLength;
        if (bytes > source.Length)
        {
            throw EndsEarly();
        }

        TConversion.ConvertAll(source, _fixedLength, values);
        return (int)bytes;
    }

    private void Convert(ByteArrayReader reader, ReadOnlySpan<byte> page, Span<TOut> values)
    {
        while (!values.IsEmpty)
        {
            Span<int> ends = _ends.AsSpan(0, int.Min(values.Length, ChunkValues));
            _sink.Clear();
            reader.Read(page, ends, _sink);
            ReadOnlySpan<byte> bytes = _sink.Written;
            int start = 0;
            for (int index = 0; index < ends.Length; index++)
            {
                values[index] = TConversion.Convert(bytes[start..ends[index]]);
                start = ends[index];
            }

            values = values[ends.Length..];
        }
    }

    private static CorruptFileException EndsEarly() => new("the page ends before its last value");
}

/// <summary>DECIMAL: big-endian two's complement of any length.</summary>
internal readonly struct BytesToDecimal : IBytesConversion<Int128>
{
    private const int WidestBytes = 16;

    /// <exception cref="CorruptFileException">The value has more than 38 digits' bytes.</exception>
    public static Int128 Convert(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > WidestBytes)
        {
            ReadOnlySpan<byte> excess = bytes[..^WidestBytes];
            bytes = bytes[^WidestBytes..];
            if (excess.ContainsAnyExcept(bytes[0] >= 0x80 ? (byte)0xFF : (byte)0))
            {
                throw new CorruptFileException("a decimal of more digits than its type has");
            }
        }

        return BigEndian.Read(bytes);
    }

    public static void ConvertAll(ReadOnlySpan<byte> source, int width, Span<Int128> destination)
    {
        if (width is > 0 and <= WidestBytes)
        {
            BigEndian.ReadAll(source, width, destination);
            return;
        }

        for (int index = 0; index < destination.Length; index++)
        {
            destination[index] = Convert(source.Slice(index * width, width));
        }
    }
}

/// <summary>DECIMAL of more than 38 digits.</summary>
internal readonly struct BytesToWideDecimal : IBytesConversion<Int256>
{
    private const int HalfBytes = 16;

    /// <exception cref="CorruptFileException">The value has more bits than 256.</exception>
    public static Int256 Convert(ReadOnlySpan<byte> bytes)
    {
        byte sign = !bytes.IsEmpty && bytes[0] >= 0x80 ? (byte)0xFF : (byte)0;
        if (bytes.Length > Int256.SizeBytes)
        {
            ReadOnlySpan<byte> excess = bytes[..^Int256.SizeBytes];
            bytes = bytes[^Int256.SizeBytes..];
            if (excess.ContainsAnyExcept(sign) || (bytes[0] >= 0x80) != (sign != 0))
            {
                throw new CorruptFileException("a decimal of more digits than its type has");
            }
        }

        Span<byte> whole = stackalloc byte[Int256.SizeBytes];
        whole[..^bytes.Length].Fill(sign);
        bytes.CopyTo(whole[^bytes.Length..]);
        return new Int256(
            BinaryPrimitives.ReadUInt128BigEndian(whole[HalfBytes..]), BinaryPrimitives.ReadInt128BigEndian(whole));
    }

    public static void ConvertAll(ReadOnlySpan<byte> source, int width, Span<Int256> destination)
    {
        for (int index = 0; index < destination.Length; index++)
        {
            destination[index] = Convert(source.Slice(index * width, width));
        }
    }
}

/// <summary>FLOAT16, little endian.</summary>
internal readonly struct HalfToSingle : IBytesConversion<float>
{
    public static float Convert(ReadOnlySpan<byte> bytes) =>
        (float)BitConverter.Int16BitsToHalf((short)(bytes[0] | (bytes[1] << 8)));

    public static void ConvertAll(ReadOnlySpan<byte> source, int width, Span<float> destination)
    {
        for (int index = 0; index < destination.Length; index++)
        {
            destination[index] = Convert(source.Slice(index * 2, 2));
        }
    }
}
