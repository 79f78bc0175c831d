using System;
using System.Buffers;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Numerics;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes;

/// <summary>One contract for every source a reader may have; numbers beside BinaryPrimitives.</summary>
public sealed class BufferReaderTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 40).Select(index => (byte)((index * 37) + 200))];

    [Fact]
    public void The_current_span_is_empty_only_at_the_end_and_all_spans_make_the_whole()
    {
        foreach (int length in new[] { 0, 1, 2, 40 })
        {
            using ReaderSources sources = new(Bytes[..length]);
            sources.ForEach((source, reader) =>
            {
                ArrayBufferWriter<byte> seen = new();
                Assert.Equal(length, reader.Remaining);
                while (reader.Remaining > 0)
                {
                    Assert.False(reader.CurrentSpan.IsEmpty, source);
                    seen.Write(reader.CurrentSpan);
                    reader.Advance(reader.CurrentSpan.Length);
                }

                Assert.True(reader.CurrentSpan.IsEmpty, source);
                Assert.True(seen.WrittenSpan.SequenceEqual(Bytes.AsSpan(0, length)), source);
                reader.Advance(0);
            });
        }
    }

    [Fact]
    public void Any_two_steps_land_where_they_should()
    {
        using ReaderSources sources = new(Bytes);
        sources.ForEach((source, reader) =>
        {
            for (int first = 0; first <= Bytes.Length; first++)
            {
                BufferReader copy = reader;
                copy.Advance(first);
                Assert.Equal(Bytes.Length - first, copy.Remaining);
                byte[] rest = new byte[Bytes.Length - first];
                BufferReader untouched = copy;
                Assert.True(copy.TryRead(rest), source);
                Assert.Equal(Bytes[first..], rest);
                Assert.Equal(0, copy.Remaining);
                Assert.False(untouched.TryRead(new byte[rest.Length + 1]));
                Assert.Equal(rest.Length, untouched.Remaining);
            }
        });
    }

    [Fact]
    public void Too_much_is_refused_and_the_cursor_stays()
    {
        using ReaderSources sources = new(Bytes[..7]);
        sources.ForEach((source, reader) =>
        {
            Assert.False(reader.TryReadLittleEndian(out long number));
            Assert.Equal(0, number);
            Assert.False(reader.TryReadBigEndian(out double _));
            Assert.False(reader.TryReadUInt64LittleEndian(8, out _));
            Assert.False(reader.TryReadSlice(8, out BufferSlice? slice));
            Assert.Null(slice);
            Assert.False(reader.TryTake(8, out BufferReader part));
            Assert.Equal(0, part.Remaining);
            AssertThrows<EndOfStreamException>(reader, (ref BufferReader at) => at.Advance(8));
            AssertThrows<EndOfStreamException>(reader, (ref BufferReader at) => at.Read(new byte[8]));
            AssertThrows<EndOfStreamException>(reader, (ref BufferReader at) => at.ReadBigEndian<ulong>());
            AssertThrows<EndOfStreamException>(reader, (ref BufferReader at) => at.ReadLittleEndian<ulong>());
            AssertThrows<EndOfStreamException>(reader, (ref BufferReader at) => at.Take(8));
            AssertThrows<ArgumentOutOfRangeException>(reader, (ref BufferReader at) => at.Advance(-1));
            AssertThrows<ArgumentOutOfRangeException>(
                reader, (ref BufferReader at) => at.TryReadUInt64BigEndian(9, out _));
            Assert.Equal(7, reader.Remaining);
            Assert.True(reader.TryReadBigEndian(out byte first), source);
            Assert.Equal(Bytes[0], first);
        });
    }

    [Fact]
    public void Numbers_at_every_place_are_what_BinaryPrimitives_reads()
    {
        using ReaderSources sources = new(Bytes);
        sources.ForEach((source, reader) =>
        {
            for (int at = 0; at <= Bytes.Length - 16; at++, reader.Advance(1))
            {
                ReadOnlySpan<byte> here = Bytes.AsSpan(at);
                Same(reader, BinaryPrimitives.ReadInt16LittleEndian(here), BinaryPrimitives.ReadInt16BigEndian(here));
                Same(reader, BinaryPrimitives.ReadUInt16LittleEndian(here),
                    BinaryPrimitives.ReadUInt16BigEndian(here));
                Same(reader, BinaryPrimitives.ReadInt32LittleEndian(here), BinaryPrimitives.ReadInt32BigEndian(here));
                Same(reader, BinaryPrimitives.ReadUInt32LittleEndian(here),
                    BinaryPrimitives.ReadUInt32BigEndian(here));
                Same(reader, BinaryPrimitives.ReadInt64LittleEndian(here), BinaryPrimitives.ReadInt64BigEndian(here));
                Same(reader, BinaryPrimitives.ReadUInt64LittleEndian(here),
                    BinaryPrimitives.ReadUInt64BigEndian(here));
                Same(reader, BinaryPrimitives.ReadInt128LittleEndian(here),
                    BinaryPrimitives.ReadInt128BigEndian(here));
                Same(reader, BinaryPrimitives.ReadUInt128LittleEndian(here),
                    BinaryPrimitives.ReadUInt128BigEndian(here));
                Same(reader, BinaryPrimitives.ReadHalfLittleEndian(here), BinaryPrimitives.ReadHalfBigEndian(here));
                Same(reader, BinaryPrimitives.ReadSingleLittleEndian(here),
                    BinaryPrimitives.ReadSingleBigEndian(here));
                Same(reader, BinaryPrimitives.ReadDoubleLittleEndian(here),
                    BinaryPrimitives.ReadDoubleBigEndian(here));
                Same(reader, (sbyte)Bytes[at], (sbyte)Bytes[at]);
            }
        });
    }

    [Fact]
    public void Numbers_of_0_to_8_bytes_are_the_ends_of_whole_ones()
    {
        using ReaderSources sources = new(Bytes);
        sources.ForEach((source, reader) =>
        {
            for (int at = 0; at <= Bytes.Length - 8; at++, reader.Advance(1))
            {
                ulong little = BinaryPrimitives.ReadUInt64LittleEndian(Bytes.AsSpan(at));
                ulong big = BinaryPrimitives.ReadUInt64BigEndian(Bytes.AsSpan(at));
                for (int count = 0; count <= 8; count++)
                {
                    int shift = 64 - (8 * count);
                    BufferReader copy = reader;
                    Assert.True(copy.TryReadUInt64LittleEndian(count, out ulong value));
                    Assert.Equal(count == 0 ? 0 : little << shift >> shift, value);
                    Assert.Equal(reader.Remaining - count, copy.Remaining);
                    copy = reader;
                    Assert.True(copy.TryReadUInt64BigEndian(count, out value));
                    Assert.Equal(count == 0 ? 0 : big >> shift, value);
                    copy = reader;
                    Assert.True(copy.TryReadInt64LittleEndian(count, out long signed));
                    Assert.Equal(count == 0 ? 0 : (long)(little << shift) >> shift, signed);
                    copy = reader;
                    Assert.True(copy.TryReadInt64BigEndian(count, out signed));
                    Assert.Equal(count == 0 ? 0 : (long)big >> shift, signed);
                }
            }
        });
    }

    [Fact]
    public void A_limited_reader_ends_at_its_limit_and_the_other_goes_on_behind_it()
    {
        using ReaderSources sources = new(Bytes);
        sources.ForEach((source, reader) =>
        {
            for (int count = 0; count <= Bytes.Length; count++)
            {
                BufferReader rest = reader;
                BufferReader part = rest.Take(count);
                Assert.Equal(count, part.Remaining);
                byte[] head = new byte[count];
                part.Read(head);
                Assert.Equal(Bytes[..count], head);
                Assert.Equal(0, part.Remaining);
                Assert.False(part.TryReadBigEndian(out byte _), source);
                byte[] tail = new byte[Bytes.Length - count];
                rest.Read(tail);
                Assert.Equal(Bytes[count..], tail);
            }
        });
    }

    [Fact]
    public void Slices_taken_out_are_right_wherever_they_lie()
    {
        using ReaderSources sources = new(Bytes);
        sources.ForEach((source, reader) =>
        {
            for (int at = 0; at <= Bytes.Length; at++)
            {
                for (int count = 0; count <= Bytes.Length - at; count += 3)
                {
                    BufferReader copy = reader;
                    copy.Advance(at);
                    Assert.True(copy.TryReadSlice(count, out BufferSlice? slice), source);
                    Assert.Equal(Bytes.AsSpan(at, count), slice.Span);
                    Assert.Equal(Bytes.Length - at - count, copy.Remaining);
                    slice.Dispose();
                }
            }
        });
    }

    [Fact]
    public void A_slice_out_of_one_slice_is_another_reference_and_across_two_a_copy()
    {
        BufferSlice left = BufferSlice.CopyFrom(Bytes.AsSpan(0, 20));
        BufferSlice right = BufferSlice.CopyFrom(Bytes.AsSpan(20, 20));
        using BufferSequence sequence = new();
        sequence.Append(left);
        sequence.Append(right);
        BufferReader reader = new(sequence.AsReadOnlySequence().Slice(3));
        Assert.True(reader.TryReadSlice(10, out BufferSlice? inside));
        Assert.False(left.IsUnique);
        Assert.True(inside.Span.Overlaps(left.Span, out int offset) && offset == -3);
        Assert.True(reader.TryReadSlice(10, out BufferSlice? across));
        Assert.True(right.IsUnique && across.IsUnique);
        Assert.Equal(Bytes[13..23], across.Span.ToArray());
        inside.Dispose();
        Assert.True(left.IsUnique);
        across.Dispose();
    }

    [Fact]
    public void What_is_written_in_either_order_is_what_BinaryPrimitives_writes()
    {
        byte[] expected = new byte[16];
        ArrayBufferWriter<byte> writer = new();
        Int128 number = new(0x0102030405060708, 0x90A0B0C0D0E0F001);
        writer.WriteBigEndian(number);
        BinaryPrimitives.WriteInt128BigEndian(expected, number);
        Assert.Equal(expected, writer.WrittenSpan[..16].ToArray());
        writer.WriteLittleEndian(number);
        BinaryPrimitives.WriteInt128LittleEndian(expected, number);
        Assert.Equal(expected, writer.WrittenSpan[16..].ToArray());
        writer.ResetWrittenCount();
        writer.WriteBigEndian(-1.5);
        writer.WriteLittleEndian(-1.5f);
        writer.WriteBigEndian((ushort)0x1234);
        writer.WriteLittleEndian('z');
        Assert.Equal(
            [0xBF, 0xF8, 0, 0, 0, 0, 0, 0, 0, 0, 0xC0, 0xBF, 0x12, 0x34, (byte)'z', 0],
            writer.WrittenSpan.ToArray());
        for (int count = 0; count <= 8; count++)
        {
            using BufferBuilder builder = new();
            builder.WriteUInt64LittleEndian(0x8899AABBCCDDEEFF, count);
            builder.WriteUInt64BigEndian(0x8899AABBCCDDEEFF, count);
            builder.WriteRepeated(7, 1000);
            Assert.Equal((2 * count) + 1000, builder.Length);
            BufferReader reader = new(builder.Span);
            Assert.True(reader.TryReadUInt64LittleEndian(count, out ulong little));
            Assert.True(reader.TryReadUInt64BigEndian(count, out ulong big));
            Assert.Equal(little, big);
            Assert.Equal(count == 0 ? 0 : 0x8899AABBCCDDEEFF << (64 - (8 * count)) >> (64 - (8 * count)), little);
            Assert.False(reader.CurrentSpan.ContainsAnyExcept((byte)7));
            ArrayBufferWriter<byte> copy = new();
            copy.WriteAll(ref reader);
            Assert.Equal(1000, copy.WrittenCount);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteUInt64BigEndian(1, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteRepeated(1, -1));
    }

    private delegate void Use(ref BufferReader reader);

    private static void AssertThrows<TException>(BufferReader reader, Use use)
        where TException : Exception
    {
        long remaining = reader.Remaining;
        try
        {
            use(ref reader);
            Assert.Fail($"no {typeof(TException).Name}");
        }
        catch (TException)
        {
            Assert.Equal(remaining, reader.Remaining);
        }
    }

    private static void Same<T>(BufferReader reader, T little, T big)
        where T : unmanaged, IBinaryNumber<T>
    {
        BufferReader copy = reader;
        Assert.True(copy.TryReadLittleEndian(out T value));
        Assert.Equal(little, value);
        Assert.Equal(reader.Remaining - ByteCast.SizeOf<T>(), copy.Remaining);
        copy = reader;
        Assert.True(copy.TryReadBigEndian(out value));
        Assert.Equal(big, value);
        Assert.Equal(reader.Remaining - ByteCast.SizeOf<T>(), copy.Remaining);
        copy = reader;
        Assert.Equal(little, copy.ReadLittleEndian<T>());
        copy = reader;
        Assert.Equal(big, copy.ReadBigEndian<T>());
    }
}
