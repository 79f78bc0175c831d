using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Polder.Bytes;
using Polder.Storage;
using Polder.Tests.Architecture;
using Xunit;

namespace Polder.Tests.Bytes;

/// <summary>The code of docs/bytes.md, run; and the page has just this code.</summary>
public sealed class BytesPageTests
{
    [Fact]
    public void The_code_of_the_page_is_the_code_of_these_tests()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "bytes.md"));
        string tests = Squeeze(File.ReadAllText(
            Path.Combine(Repository.Root, "tests", "Polder.Tests", "Bytes", "BytesPageTests.cs")));
        string[] blocks =
        [
            .. page.Split("```csharp\n").Skip(1)
                .Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)]),
        ];
        Assert.Equal(3, blocks.Length);
        Assert.All(blocks, block => Assert.Contains(Squeeze(block), tests, StringComparison.Ordinal));
    }

    [Fact]
    public void A_block_and_its_slices()
    {
        StringWriter Console = new();
        BufferAllocator pool = BufferAllocator.CreatePool(maxRetainedBytes: 64 << 20, maxBlockLength: 8 << 20);
        BufferBuilder builder = new(capacity: 1 << 20, pool);
        builder.Write("hello, world"u8);
        BufferSlice text = builder.Freeze();              // nobody writes any more
        BufferSlice word = text.RetainSlice(7, 5);        // another reference, no copy
        text.Dispose();
        Console.WriteLine(Encoding.UTF8.GetString(word.Span));
        Console.WriteLine(pool.RentedBytes > 0);          // word still holds the block
        word.Dispose();
        Console.WriteLine(pool.RentedBytes);              // 0: it went back
        Assert.Equal(["world", "True", "0"], Lines(Console));
    }

    [Fact]
    public void Numbers_in_either_order()
    {
        StringWriter Console = new();
        BufferBuilder message = new();
        message.WriteBigEndian(1234);                     // an int: four bytes
        message.WriteLittleEndian(0.5);                   // a double: eight
        message.WriteUInt64BigEndian(0xABCDEF, byteCount: 3);
        using BufferSlice frame = message.Freeze();
        BufferReader reader = new(frame);
        int number = reader.ReadBigEndian<int>();
        double half = reader.ReadLittleEndian<double>();
        bool isThere = reader.TryReadBigEndian(out long missing);   // false, and the three bytes left are still there
        bool isRead = reader.TryReadUInt64BigEndian(3, out ulong three);
        Console.WriteLine($"{number} {half} {isThere} {isRead} {three:X}");
        Assert.Equal(0, missing);
        Assert.Equal(["1234 0.5 False True ABCDEF"], Lines(Console));
    }

    [Fact]
    public async Task Frames_from_a_stream()
    {
        using Stream stream = new MemoryStream([0, 0, 0, 2, 8, 9, 0, 0, 0, 0, 0, 0, 0, 1, 7]);
        Channel<BufferSlice> frames = Channel.CreateUnbounded<BufferSlice>();
        await ReadAsync(CancellationToken.None);
        frames.Writer.Complete();
        int[] lengths = await frames.Reader.ReadAllAsync().Select(frame => frame.Length).ToArrayAsync();
        Assert.Equal([2, 0, 1], lengths);

        async Task ReadAsync(CancellationToken ct)
        {
            using var incoming = new BufferBuilder(capacity: 64 * 1024);
            while (await incoming.ReadFromAsync(stream, 64 * 1024, ct) > 0)
                while (BinaryPrimitives.TryReadInt32BigEndian(incoming.Span, out int length) &&
                    incoming.Length >= 4 + length)
                {
                    incoming.Consume(4);
                    await frames.Writer.WriteAsync(incoming.SplitTo(length).Freeze(), ct);
                }
        }
    }

    private static string[] Lines(StringWriter output) =>
        output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Squeeze(string code) => string.Concat(code.Where(letter => !char.IsWhiteSpace(letter)));
}
