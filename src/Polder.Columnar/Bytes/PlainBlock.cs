namespace Polder.Bytes;

/// <summary>An array that the garbage collector takes.</summary>
internal sealed class PlainBlock : BufferBlock
{
    public PlainBlock(PooledBufferAllocator source, byte[] array)
        : base(source, array, 0, array.Length)
    {
    }

    private protected override void TakeBack()
    {
        // Nobody holds it: that is all.
    }
}
